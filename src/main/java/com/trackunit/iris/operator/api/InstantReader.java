package com.trackunit.iris.operator.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** Reads an RFC 3339 timestamp: a string, with a year of four digits. */
final class InstantReader extends StdDeserializer<Instant> {
  private static final long serialVersionUID = 1L;
  private static final int LAST_YEAR = 9999;

  InstantReader() {
    super(Instant.class);
  }

  @Override
  public Instant deserialize(JsonParser parser, DeserializationContext context) throws IOException {
    if (!parser.hasToken(JsonToken.VALUE_STRING)) {
      return (Instant) context.handleUnexpectedToken(Instant.class, parser);
    }
    try {
      OffsetDateTime time = OffsetDateTime.parse(parser.getText());
      // Years outside this range could overflow in later arithmetic.
      if (time.getYear() >= 0 && time.getYear() <= LAST_YEAR) {
        return time.toInstant();
      }
    } catch (DateTimeException quotesTheText) {
      // This exception quotes the text. The error below does not.
    }
    return (Instant) context.handleWeirdStringValue(Instant.class, "", "no time");
  }
}
