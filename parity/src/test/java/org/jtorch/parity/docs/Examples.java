package org.jtorch.parity.docs;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * The Java examples of a Markdown document, as one class that a compiler can check. Types become members, a group of overriding
 * methods becomes a class, and everything else becomes the body of a method. The same applies to code in the second column of a
 * table with the heading {@code Java}. Declarations that examples use but do not contain are in a comment of the document that
 * begins with {@code Given in the examples:}.
 *
 * <p>The only imports are those that the document shows. {@link Imports} writes them.
 *
 * <p>Each line of the class is a line of the document, so the line numbers of errors apply to both.
 */
final class Examples {

    private static final Pattern GIVEN = Pattern.compile("<!-- Given in the examples:\\n(.*?)-->", Pattern.DOTALL);
    private static final Pattern TYPE =
            Pattern.compile("(?:(?:public|final|abstract|static|sealed) )*(?:class|record|interface|enum) .*");

    private static final Pattern TABLE = Pattern.compile("^\\| [^|]+ \\| Java \\|");
    private static final Pattern CODE = Pattern.compile("`([^`]*)`");

    private final String document;
    private final String source;
    private final int count;

    private Examples(String document, String source, int count) {
        this.document = document;
        this.source = source;
        this.count = count;
    }

    static Examples read(Path path) throws IOException {
        return of(path.getFileName().toString(), Files.readString(path));
    }

    static Examples of(String document, String text) {
        Matcher given = GIVEN.matcher(text);
        String fields = given.find() ? given.group(1).replace('\n', ' ') : "";
        StringBuilder imports = new StringBuilder();
        List<String> lines = new ArrayList<>();
        int count = 0;
        List<String> all = text.lines().toList();
        boolean inTable = false;
        for (int i = 0; i < all.size(); i++) {
            inTable = all.get(i).startsWith("|")
                    && (inTable || TABLE.matcher(all.get(i)).find());
            String code = inTable ? codeOf(all.get(i)) : "";
            count += code.isEmpty() ? 0 : 1;
            lines.add(code.isEmpty() ? "" : "void row" + i + "() throws Exception { " + code + " }");
            if (all.get(i).equals("```java")) {
                int end = i + 1;
                while (!all.get(end).equals("```")) {
                    end++;
                }
                if (end > i + 1) {
                    lines.addAll(members(all.subList(i + 1, end), ++count, imports));
                }
                i = end - 1;
            }
        }
        lines.set(0, imports + " class Examples { " + fields);
        lines.add("}");
        return new Examples(document, String.join("\n", lines), count);
    }

    int count() {
        return count;
    }

    /** Returns the Java code of a row of a table as a statement; empty if it has none. */
    static String codeOf(String row) {
        String[] cells = row.split(" \\| ", -1);
        if (cells.length < 2) {
            return "";
        }
        String code =
                CODE.matcher(cells[1]).results().map(found -> found.group(1)).collect(Collectors.joining(" "));
        return code.isEmpty() || code.endsWith(";") || code.endsWith("}") ? code : code + ";";
    }

    /** Returns the rows of tables that contain Java code. */
    static Stream<String> rows(String text) {
        boolean[] inTable = {false};
        return text.lines().filter(line -> {
            inTable[0] =
                    line.startsWith("|") && (inTable[0] || TABLE.matcher(line).find());
            return inTable[0];
        });
    }

    /** Returns the lines of an example as members of a class, with the same number of lines. */
    private static List<String> members(List<String> example, int number, StringBuilder imports) {
        List<String> result = new ArrayList<>();
        boolean overrides = example.get(0).startsWith("@Override");
        String opening = overrides
                ? "abstract static class Overriding" + number + " extends Module<Tensor, Tensor> { "
                : "void example" + number + "() throws Exception { ";
        boolean isType = false;
        boolean isOpen = false;
        for (String line : example) {
            boolean begins = !isType && !overrides && TYPE.matcher(line).matches();
            if (!isOpen && !isType && line.startsWith("import ")) {
                imports.append(' ').append(line.replaceFirst("//.*", ""));
                result.add("");
            } else if (begins) {
                result.add((isOpen ? "} " : "") + "static " + line);
                isOpen = false;
                isType = true;
            } else if (isType) {
                result.add(line);
                isType = !line.equals("}");
            } else {
                result.add((isOpen ? "" : opening.replace("() throws", "_" + result.size() + "() throws")) + line);
                isOpen = true;
            }
        }
        if (isOpen) {
            int last = result.size() - 1;
            result.set(last, result.get(last).replaceFirst("(//.*)?$", "}"));
        }
        return result;
    }

    /** Returns the errors that the compiler finds, each with its line in the document. */
    List<String> errors(Path output) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        compiler.getTask(
                        null,
                        null,
                        found,
                        List.of("-proc:none", "-d", output.toString(), "-cp", classPath),
                        null,
                        List.of(new Source()))
                .call();
        return found.getDiagnostics().stream()
                .filter(d -> d.getKind() == Diagnostic.Kind.ERROR)
                .map(d -> document + ":" + d.getLineNumber() + ": " + d.getMessage(Locale.ENGLISH))
                .toList();
    }

    private final class Source extends SimpleJavaFileObject {
        Source() {
            super(URI.create("string:///Examples.java"), Kind.SOURCE);
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
        }
    }
}
