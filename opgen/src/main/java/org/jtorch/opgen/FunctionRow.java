package org.jtorch.opgen;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One row of a table of functions.
 *
 * @param returns the Java type that it returns
 * @param name its Java name
 * @param arguments its parameters
 * @param call the Java expression that computes the result from all parameters
 * @param doc the lines of its Javadoc
 */
record FunctionRow(String returns, String name, List<Argument> arguments, String call, List<String> doc) {

    /** Numbers of dimensions in a name, such as <code>{1,2,3}</code>. The row stands for one function for each of them. */
    private static final Pattern DIMENSIONS = Pattern.compile("\\{(\\d(?:,\\d)+)}");

    private static final Pattern PARAM_TAG = Pattern.compile("@param (\\w+).*");

    /** The words of a row for several numbers of dimensions. Each list has a word for 1, 2 and 3 dimensions. */
    private static final Map<String, List<String>> WORDS = Map.of(
            "{n}", List.of("1", "2", "3"),
            "{spatial}", List.of("L", "H, W", "D, H, W"),
            "{spatialOut}", List.of("L_out", "H_out, W_out", "D_out, H_out, W_out"),
            "{first}", List.of("L", "H", "D"),
            "{kernel}", List.of("k", "kH, kW", "kD, kH, kW"),
            "{firstKernel}", List.of("k", "kH", "kD"),
            "{numbers}", List.of("one number", "one number or two", "one number or three"),
            "{where}", List.of("in the line", "in the flattened (H, W) plane", "in the flattened (D, H, W) volume"));

    /**
     * Parses the functions of one block of lines: {@code [Return] name(Type name = default, …)}, {@code = call}, and the
     * Javadoc. With <code>{2,3}</code> in the name there are two functions, of two and of three dimensions.
     */
    static List<FunctionRow> parse(List<String> lines) {
        Matcher dimensions = DIMENSIONS.matcher(lines.get(0));
        if (!dimensions.find()) {
            return List.of(parseOne(lines));
        }
        List<FunctionRow> rows = new ArrayList<>();
        for (String dimension : dimensions.group(1).split(",")) {
            List<String> filled = new ArrayList<>(lines);
            filled.set(0, dimensions.replaceFirst(dimension));
            filled.replaceAll(line -> filled(line, Integer.parseInt(dimension)));
            rows.add(parseOne(filled));
        }
        return rows;
    }

    private static String filled(String line, int dimensions) {
        String filled = line;
        for (Map.Entry<String, List<String>> word : WORDS.entrySet()) {
            filled = filled.replace(word.getKey(), word.getValue().get(dimensions - 1));
        }
        return filled;
    }

    private static FunctionRow parseOne(List<String> lines) {
        int callAt = 0;
        while (callAt < lines.size() && !lines.get(callAt).startsWith("= ")) {
            callAt++;
        }
        if (callAt == lines.size()) {
            throw new IllegalArgumentException("the line '= call', which computes the function, is missing");
        }
        String signature = String.join(" ", lines.subList(0, callAt));
        int open = signature.indexOf('(');
        if (open < 0 || !signature.endsWith(")")) {
            throw new IllegalArgumentException("the signature has no parentheses");
        }
        String head = signature.substring(0, open);
        int space = head.lastIndexOf(' ');
        List<Argument> arguments = new ArrayList<>();
        for (String argument :
                signature.substring(open + 1, signature.length() - 1).split(",")) {
            arguments.add(Argument.parse(argument.strip()));
        }
        List<String> doc = lines.subList(callAt + 1, lines.size());
        FunctionRow row = new FunctionRow(
                space < 0 ? "Tensor" : head.substring(0, space),
                head.substring(space + 1),
                arguments,
                lines.get(callAt).substring(2),
                doc);
        row.check();
        return row;
    }

    private void check() {
        if (doc.isEmpty() || doc.get(0).startsWith("@")) {
            throw new IllegalArgumentException("the Javadoc must begin with what the function computes");
        }
        for (int i = 1; i < arguments.size(); i++) {
            if (arguments.get(i).defaultValue() == null && arguments.get(i - 1).defaultValue() != null) {
                throw new IllegalArgumentException("'" + arguments.get(i).name() + "' needs a default, since '"
                        + arguments.get(i - 1).name() + "' before it has one");
            }
        }
        for (String line : doc) {
            Matcher tag = PARAM_TAG.matcher(line);
            if (tag.matches() && arguments.stream().noneMatch(a -> a.name().equals(tag.group(1)))) {
                throw new IllegalArgumentException(
                        "the Javadoc describes '" + tag.group(1) + "', which is not a parameter");
            }
        }
    }

    /** Returns the forms in which the function may be called, the longest first. */
    List<FunctionForm> forms() {
        List<FunctionForm> forms = new ArrayList<>();
        for (int n = arguments.size(); n >= 0; n--) {
            forms.add(new FunctionForm(this, n, false));
            if (arguments.subList(0, n).stream().anyMatch(Argument::isSize)) {
                forms.add(new FunctionForm(this, n, true));
            }
            if (n == 0 || arguments.get(n - 1).defaultValue() == null) {
                break;
            }
        }
        return forms;
    }

    /** Returns the longest form as a target of Javadoc's links. */
    String link() {
        return "#" + name + "(" + arguments.stream().map(Argument::linkType).collect(Collectors.joining(", ")) + ")";
    }
}
