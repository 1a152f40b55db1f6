package org.jtorch.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The projects of {@code src/it}, which were built against the packaged artifacts, run as the documentation says. */
class ProgramsTest {

    private static final Path PROJECTS = Path.of(System.getProperty("consumer.projects"));

    private static final String DONE = "consumer: trained, saved and loaded [fc.weight, fc.bias] from ";

    private static final String NATIVE_MODULES = "org.bytedeco.javacpp,org.bytedeco.pytorch,com.sun.jna";

    /** What docs/install.md says to start Java with, from Java 24 on. */
    private static List<String> java(String nativeAccess, String... arguments) {
        List<String> command = new ArrayList<>(List.of(Processes.java().toString()));
        if (Runtime.version().feature() >= 24 && !nativeAccess.isEmpty()) {
            command.add("--enable-native-access=" + nativeAccess);
        }
        command.addAll(List.of(arguments));
        return command;
    }

    @Test
    void onTheClassPath() throws Exception {
        Path target = PROJECTS.resolve("class-path/target");
        String out = Processes.run(
                target, java("ALL-UNNAMED", "-cp", "class-path-1.jar" + File.pathSeparator + "lib/*", "app.Main"));
        assertEquals(DONE + "the class path", out.strip(), "nothing else is printed, no warning either");
    }

    @Test
    void onTheModulePath(@TempDir Path directory) throws Exception {
        Path target = PROJECTS.resolve("class-path/target");
        // a name that a module can have
        Files.copy(target.resolve("class-path-1.jar"), directory.resolve("app.jar"));
        String path = directory + File.pathSeparator + target.resolve("lib");
        String out = Processes.run(
                directory,
                java(NATIVE_MODULES, "--module-path", path, "--add-modules", "ALL-MODULE-PATH", "-m", "app/app.Main"));
        assertEquals(DONE + "module app", out.strip(), "nothing else is printed, no warning either");
    }

    /** The project of {@code src/it/module-path}: the same program with a {@code module-info} of its own. */
    @Test
    void asAModule() throws Exception {
        Path target = PROJECTS.resolve("module-path/target");
        String path = "module-path-1.jar" + File.pathSeparator + "lib";
        String out = Processes.run(
                target,
                java(NATIVE_MODULES, "--module-path", path, "--add-modules", "ALL-MODULE-PATH", "-m", "app/app.Main"));
        assertEquals(DONE + "module app", out.strip(), "nothing else is printed, no warning either");
    }

    @Test
    void aClosedPackageIsNamedWithTheLineToAdd(@TempDir Path directory) throws Exception {
        String path = PROJECTS.resolve("module-path/target/lib").toString();
        Files.writeString(directory.resolve("module-info.java"), "module closed { requires org.jtorch.optim; }");
        Path program = Files.createDirectories(directory.resolve("closed")).resolve("Main.java");
        Files.writeString(program, """
                package closed;
                public class Main extends org.jtorch.nn.Module<org.jtorch.Tensor, org.jtorch.Tensor> {
                    org.jtorch.nn.linear.Linear fc = new org.jtorch.nn.linear.Linear(1, 1);
                    @Override protected org.jtorch.Tensor forward(org.jtorch.Tensor x) { return fc.call(x); }
                    public static void main(String[] args) {
                        try {
                            System.out.println(new Main().parameters());
                        } catch (IllegalStateException e) {
                            System.out.println(e.getMessage());
                        }
                    }
                }
                """);
        Path classes = directory.resolve("classes");
        int status = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(
                        System.out,
                        System.err,
                        "--module-path",
                        path,
                        "-d",
                        classes.toString(),
                        directory.resolve("module-info.java").toString(),
                        program.toString());
        assertEquals(0, status);
        String out = Processes.run(
                directory,
                java(
                        NATIVE_MODULES,
                        "--module-path",
                        classes + File.pathSeparator + path,
                        "--add-modules",
                        "ALL-MODULE-PATH",
                        "-m",
                        "closed/closed.Main"));
        assertEquals(
                "field fc of closed.Main is closed to reflection: add `opens closed to org.jtorch.nn;` to the module-info of"
                        + " module closed",
                out.strip());
    }

    @Test
    void asAFatJar(@TempDir Path cache) throws Exception {
        Path jar = PROJECTS.resolve("class-path/target/class-path-1-all.jar");
        String out = Processes.run(cache, java("", "-Dorg.bytedeco.javacpp.cachedir=" + cache, "-jar", jar.toString()));
        // the first start unpacks from this jar, and may say so
        String said = out.lines().filter(line -> !line.startsWith("jtorch: ")).reduce("", (a, b) -> a + b);
        assertEquals(DONE + "the class path", said, "nothing else is printed, no warning either");
    }

    @Test
    void everyJarHasItsLicence() throws Exception {
        try (Stream<Path> jars = Files.list(PROJECTS.resolve("class-path/target/lib"))) {
            List<Path> ours = jars.filter(jar -> jar.getFileName().toString().startsWith("jtorch-"))
                    .toList();
            assertFalse(ours.isEmpty());
            for (Path jar : ours) {
                try (JarFile file = new JarFile(jar.toFile())) {
                    assertTrue(file.getEntry("META-INF/LICENSE") != null, jar.toString());
                    assertTrue(file.getEntry("META-INF/NOTICE") != null, jar.toString());
                }
            }
        }
    }
}
