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
     * @param part the file that it stands in
     * @param scope what it belongs to, dotted, without {@code torch.}
     * @param name the last part of it
     * @param signature its arguments, as Python writes them
     * @param note why it is not asked for, or empty
     */
    record Row(Part part, String scope, String name, String signature, String note) {

        /** {@code nn.functional.conv2d}. */
        String path() {
            return scope + "." + name;
        }
    }

    private TorchApi() {}

    /** The rows of a file, in its order. */
    static List<Row> rows(Part part) {
        return text("/api/" + part.file)
                .lines()
                .skip(1)
                .map(line -> row(part, line.split("\t", -1)))
                .toList();
    }

    /** All rows. */
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

    /** A resource's text. */
    static String text(String resource) {
        try (InputStream in = TorchApi.class.getResourceAsStream(resource)) {
            return new String(Objects.requireNonNull(in, resource).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
