package org.jtorch.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The imports of {@code jtorch shell}: every package of jtorch on the class path, except internal ones. */
final class ShellImports {

    /** Packages that are not useful in a shell. */
    private static final Pattern INTERNAL = Pattern.compile("\\.(internal|cli)(\\.|$)");

    /** The packages that JShell itself imports, and those of the language. */
    private static final List<String> OTHERS = List.of(
            "java.lang", "java.io", "java.util", "java.util.concurrent", "java.util.function", "java.util.stream");

    private ShellImports() {}

    /**
     * Returns the lines.
     *
     * @param classPath folders and jars, separated as in the system property {@code java.class.path}
     */
    static List<String> of(String classPath) throws IOException {
        Set<String> classes = new TreeSet<>();
        for (String element : classPath.split(Pattern.quote(File.pathSeparator))) {
            Path path = Path.of(element);
            if (Files.isDirectory(path)) {
                addClasses(path, classes);
            } else if (String.valueOf(path.getFileName()).startsWith("jtorch-") && Files.isRegularFile(path)) {
                try (FileSystem jar = FileSystems.newFileSystem(path, (ClassLoader) null)) {
                    addClasses(jar.getPath("/"), classes);
                }
            }
        }
        Set<String> packages = new TreeSet<>();
        List<String> lines = new ArrayList<>();
        for (String name : classes) {
            String packageName = name.substring(0, name.lastIndexOf('.'));
            if (packages.add(packageName)) {
                lines.add("import " + packageName + ".*;");
            }
            if (isAnotherToo(name.substring(name.lastIndexOf('.') + 1))) {
                lines.add("import " + name + ";"); // Module is jtorch's class and not java.lang's.
            }
        }
        return lines;
    }

    private static void addClasses(Path root, Set<String> classes) throws IOException {
        Path folder = root.resolve("org/jtorch");
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            files.map(file -> root.relativize(file).toString())
                    .filter(file -> file.endsWith(".class") && !file.endsWith("-info.class") && !file.contains("$"))
                    .map(file -> file.substring(0, file.length() - ".class".length())
                            .replace(File.separatorChar, '.')
                            .replace('/', '.'))
                    .filter(name -> !INTERNAL.matcher(name).find() && isPublic(name))
                    .forEach(classes::add);
        }
    }

    private static boolean isPublic(String name) {
        try {
            Class<?> found = Class.forName(name, false, ShellImports.class.getClassLoader());
            return java.lang.reflect.Modifier.isPublic(found.getModifiers());
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }

    private static boolean isAnotherToo(String simpleName) {
        for (String other : OTHERS) {
            try {
                Class.forName(other + "." + simpleName, false, null);
                return true;
            } catch (ClassNotFoundException e) {
                // Within this package, the name is only jtorch's.
            }
        }
        return false;
    }
}
