-- Information governance reads an organisation's own looks by day, newest first.
CREATE INDEX look_organisation ON look (organisation, at);
