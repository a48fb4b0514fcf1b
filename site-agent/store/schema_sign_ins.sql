-- Who is signed in at the desk, in one sealed piece, see SignIns: keys of sign-ins stand in it as hashes.
CREATE TABLE sign_ins (id INTEGER PRIMARY KEY CHECK (id = 1), sealed BLOB NOT NULL);
