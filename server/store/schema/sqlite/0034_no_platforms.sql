-- Nothing ever wrote these: they come back when what needs them is made.
ALTER TABLE courses DROP COLUMN platform_id;
DROP TABLE platforms;
DROP TABLE site_visits;
