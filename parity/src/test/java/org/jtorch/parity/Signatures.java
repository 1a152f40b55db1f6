package org.jtorch.parity;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parameters of PyTorch's modules, from {@code api/modules.tsv}, so that arguments without a name get theirs. */
final class Signatures {

    private static final Map<String, String[]> ROWS = rows();

    private Signatures() {}

    private static Map<String, String[]> rows() {
        Map<String, String[]> rows = new LinkedHashMap<>();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                Signatures.class.getResourceAsStream("/api/modules.tsv"), StandardCharsets.UTF_8))) {
            in.lines().skip(1).map(line -> line.split("\t")).forEach(columns -> rows.put(columns[1], columns));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rows;
    }

    /** All of a constructor's arguments by name; those that any number of arguments swallows are left out. */
    static Map<String, @Nullable Object> constructor(
            String module, List<@Nullable Object> args, Map<String, @Nullable Object> kwargs) {
        return named(ROWS.get(module)[2], args, kwargs);
    }

    /** All of a call's arguments by name. */
    static Map<String, @Nullable Object> forward(
            String module, List<@Nullable Object> args, Map<String, @Nullable Object> kwargs) {
        return named(ROWS.get(module)[3], args, kwargs);
    }

    private static Map<String, @Nullable Object> named(
            String signature, List<@Nullable Object> args, Map<String, @Nullable Object> kwargs) {
        List<String> parameters = parameters(signature);
        Map<String, @Nullable Object> named = new LinkedHashMap<>();
        for (int i = 0; i < args.size() && !parameters.get(i).startsWith("*"); i++) {
            named.put(parameters.get(i), args.get(i));
        }
        if (!parameters.contains("**kwargs")) {
            named.putAll(kwargs);
        }
        return named;
    }

    /** {@code (a: int, b: tuple[int, int] = (1, 2))} has the parameters a and b. */
    private static List<String> parameters(String signature) {
        List<String> parameters = new ArrayList<>();
        int depth = 0;
        int start = 1;
        for (int i = 0; i < signature.length(); i++) {
            char c = signature.charAt(i);
            if (c == '(' || c == '[') {
                depth++;
            } else if (c == ')' || c == ']') {
                depth--;
            }
            if ((c == ',' && depth == 1) || depth == 0) {
                String parameter = signature.substring(start, i);
                parameters.add(parameter.split("[:=]")[0].strip());
                start = i + 1;
            }
            if (depth == 0) {
                break;
            }
        }
        return parameters;
    }
}
