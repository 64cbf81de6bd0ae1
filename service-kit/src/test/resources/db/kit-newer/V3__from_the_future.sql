CREATE TABLE from_the_future (id bigint PRIMARY KEY);
