-- Where staff say that other agents of the site answer, on networks on which they do not find each other.
CREATE TABLE other_addresses (address TEXT PRIMARY KEY);
