package points.connect.rules;

/**
 * One thing that is wrong with a rule, and where.
 *
 * @param field like {@code rewards[0].points}; {@code rule} for the text as a whole
 * @param line of the text, from 1
 * @param column of the line, from 1
 * @param message what is wrong and what is expected, for a person
 */
public record Mistake(String field, int line, int column, String message) {

  @Override
  public String toString() {
    return field + " (line " + line + ", column " + column + "): " + message;
  }
}
