package points.service;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptedTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          text/csv                                  | true
          TEXT/CSV                                  | true
          text/csv, */*                             | true
          text/csv;q=0.5                            | true
          application/json;q=0.5, text/csv          | true
          text/*                                    | true
          text/csv;header=present                   | true
          text/csv;q=0                              | false
          text/csv;q=0, */*                         | false
          text/csv;q=0.0                            | false
          text/csv;q=0.5, application/json          | false
          application/json, text/csv                | false
          text/csv, application/json                | true
          text/csv;q=0.5, */*                       | false
          */*                                       | false
          application/json                          | false
          text/html                                 | false
          x-text/csv                                | false
          ,,;q=,                                    | false
          """)
  void csvIsForThoseWhoWantItMoreThanJson(String accept, boolean csv) {
    assertThat(Accepted.of(accept).prefers("text/csv", "application/json")).isEqualTo(csv);
  }

  @org.junit.jupiter.api.Test
  void whoSaysNothingGetsJson() {
    assertThat(Accepted.of(null).prefers("text/csv", "application/json")).isFalse();
  }
}
