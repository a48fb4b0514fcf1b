// Makes the phone of a page heard. What other scripts import is the same phone: an entry
// has another address than an import.

import "./desk-phone.js";
