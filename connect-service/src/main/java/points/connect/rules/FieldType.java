package points.connect.rules;

/** What a field of an event's data can be, as far as rules can see. */
public enum FieldType {
  TEXT,
  INTEGER,
  FLAG,
  TEXT_LIST,
  INTEGER_LIST
}
