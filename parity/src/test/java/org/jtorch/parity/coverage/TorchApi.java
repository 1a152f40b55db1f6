package org.jtorch.parity.coverage;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** PyTorch's public names, as the files of {@code api/} list them. */
final class TorchApi {

    /** One of the files. */
    enum Part {
        MODULES("modules.tsv"),
        FUNCTIONAL("functional.tsv"),
        MODULE_METHODS("module_methods.tsv"),
        INIT("init.tsv"),
        UTILS("utils.tsv");

        private final String file;

        Part(String file) {
            this.file = file;
        }
    }

    /**
     * One name.
     *
     * @param part the file that contains it
     * @param scope the dotted name of what it belongs to, without {@code torch.}
     * @param name the last part of the name
     * @param signature its arguments, as Python writes them
     * @param note the reason why it is not required, or empty
     */
    record Row(Part part, String scope, String name, String signature, String note) {

        /** Returns the dotted name: {@code nn.functional.conv2d}. */
        String path() {
            return scope + "." + name;
        }
    }

    private TorchApi() {}

    /** Returns the rows of a file, in order. */
    static List<Row> rows(Part part) {
        return text("/api/" + part.file)
                .lines()
                .skip(1)
                .map(line -> row(part, line.split("\t", -1)))
                .toList();
    }

    /** Returns all rows. */
    static List<Row> rows() {
        return Arrays.stream(Part.values()).flatMap(part -> rows(part).stream()).toList();
    }

    private static Row row(Part part, String[] columns) {
        return switch (part) {
            case MODULES -> new Row(part, "nn", columns[1], columns[2], columns[4]);
            case FUNCTIONAL -> new Row(part, "nn.functional", columns[0], columns[1], columns[2]);
            case MODULE_METHODS ->
                new Row(
                        part,
                        columns[1].startsWith("(self") ? "nn.Module" : "nn.modules.module",
                        columns[0],
                        columns[1],
                        "");
            case INIT -> new Row(part, "nn.init", columns[0], columns[1], "");
            case UTILS -> new Row(part, "nn." + columns[0], columns[1], columns[2], "");
        };
    }

    /** Returns the text of a resource. */
    static String text(String resource) {
        try (InputStream in = TorchApi.class.getResourceAsStream(resource)) {
            return new String(Objects.requireNonNull(in, resource).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
