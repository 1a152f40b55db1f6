package org.jtorch.data.sources;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Objects;

/** The files that parity/record/sources.py wrote, and what Python read from them. */
final class Recorded {

    private Recorded() {}

    static Path file(String name) {
        URL url = Objects.requireNonNull(Recorded.class.getResource(name), name);
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static JsonNode python(String part) {
        try (InputStream in = Recorded.class.getResourceAsStream("read_by_python.json")) {
            return new ObjectMapper().readTree(in).get(part);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns Python's {@code repr} of a float as a number. */
    static double number(String repr) {
        return switch (repr) {
            case "nan" -> Double.NaN;
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(repr);
        };
    }
}
