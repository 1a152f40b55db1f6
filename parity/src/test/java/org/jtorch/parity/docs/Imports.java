package org.jtorch.parity.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/**
 * The imports that a document shows: those that its examples need, each class by its full name. They are at the beginning of
 * the first Java block of the document that begins with an import.
 */
final class Imports {

    private static final Pattern BLOCK = Pattern.compile("(?m)^```java\\n(.*?)^```$", Pattern.DOTALL);
    private static final Pattern SHOWN = Pattern.compile("(?m)^```java\\n((?:import .*\\n)+)");
    private static final Pattern IMPORT = Pattern.compile("(?m)^import (static )?([\\w.]+\\.(\\w+|\\*));.*$");
    private static final Pattern GIVEN = Pattern.compile("<!-- Given in the examples:\\n(.*?)-->", Pattern.DOTALL);
    private static final Pattern DECLARED = Pattern.compile("\\b(?:class|record|interface|enum) ([A-Z]\\w*)");
    private static final Pattern NAME = Pattern.compile("(?<![.\\w@])@?([A-Z]\\w*)");
    private static final Pattern NO_CODE =
            Pattern.compile("\"(?:[^\"\\\\\\n]|\\\\.)*\"|//[^\\n]*|/\\*.*?\\*/", Pattern.DOTALL);

    private static final List<String> JDK = List.of(
            "java.util",
            "java.util.function",
            "java.util.concurrent",
            "java.util.stream",
            "java.nio",
            "java.nio.file",
            "java.nio.charset",
            "java.io",
            "org.jspecify.annotations");

    /** The full names of the library's public classes by their simple names, the shortest package first. */
    private static final Map<String, List<String>> LIBRARY = library();

    private Imports() {}

    private static Map<String, List<String>> library() {
        Map<String, List<String>> library = new HashMap<>();
        try (JavaFileManager files = ToolProvider.getSystemJavaCompiler().getStandardFileManager(null, null, null)) {
            for (JavaFileObject file :
                    files.list(StandardLocation.CLASS_PATH, "org.jtorch", Set.of(JavaFileObject.Kind.CLASS), true)) {
                String name = files.inferBinaryName(StandardLocation.CLASS_PATH, file);
                if (!name.contains("$") && !name.contains(".internal.") && isPublic(name)) {
                    library.computeIfAbsent(name.substring(name.lastIndexOf('.') + 1), n -> new ArrayList<>())
                            .add(name);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        library.values()
                .forEach(names -> names.sort(Comparator.comparingLong((String name) ->
                                name.chars().filter(c -> c == '.').count())
                        .thenComparing(Comparator.naturalOrder())));
        return library;
    }

    private static boolean isPublic(String name) {
        try {
            return Modifier.isPublic(
                    Class.forName(name, false, Imports.class.getClassLoader()).getModifiers());
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }

    /** Returns the document with the imports that its examples need. */
    static String completed(String text) {
        Matcher shown = SHOWN.matcher(text);
        if (!shown.find()) {
            return text;
        }
        String rest = text.substring(0, shown.start(1)) + text.substring(shown.end(1));
        Set<String> elsewhere = new HashSet<>();
        IMPORT.matcher(rest).results().forEach(found -> elsewhere.add(found.group(3)));
        Map<String, String> chosen = new HashMap<>();
        Set<String> lines = new TreeSet<>();
        IMPORT.matcher(shown.group(1)).results().forEach(found -> {
            if (found.group(1) != null) {
                lines.add(found.group());
            } else {
                chosen.put(found.group(3), found.group(2));
            }
        });
        for (String name : names(rest)) {
            String full = elsewhere.contains(name) ? null : full(name, chosen.get(name));
            if (full != null) {
                lines.add("import " + full + ";"
                        + (full.equals("org.jtorch.nn.Module") ? "    // java.lang has a Module too" : ""));
            }
        }
        return text.substring(0, shown.start(1)) + String.join("\n", lines) + "\n" + text.substring(shown.end(1));
    }

    /** Returns the classes that the examples name but do not declare. */
    private static Set<String> names(String text) {
        StringBuilder code = new StringBuilder();
        Stream.of(BLOCK, GIVEN)
                .forEach(part -> part.matcher(text).results().forEach(found -> code.append(found.group(1))));
        Examples.rows(text).forEach(row -> code.append(Examples.codeOf(row)).append('\n'));
        String plain = NO_CODE.matcher(IMPORT.matcher(code).replaceAll("")).replaceAll(" ");
        Set<String> names = new TreeSet<>();
        NAME.matcher(plain).results().forEach(found -> names.add(found.group(1)));
        DECLARED.matcher(plain).results().forEach(found -> names.remove(found.group(1)));
        return names;
    }

    /** Returns the full name; null if it needs no import, or if the class is not known here. */
    private static String full(String name, String chosen) {
        List<String> library = LIBRARY.getOrDefault(name, List.of());
        if (chosen != null && (library.contains(chosen) || exists(chosen) && !chosen.startsWith("org.jtorch."))) {
            return chosen;
        }
        if (!library.isEmpty()) {
            return library.get(0);
        }
        if (exists("java.lang." + name)) {
            return null;
        }
        return JDK.stream()
                .map(part -> part + "." + name)
                .filter(Imports::exists)
                .findFirst()
                .orElse(null);
    }

    private static boolean exists(String name) {
        try {
            Class.forName(name, false, Imports.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }
}
