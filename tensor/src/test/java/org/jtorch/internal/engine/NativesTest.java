package org.jtorch.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.jtorch.Torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The message of a program without natives or with too many, and the repair of a damaged cache. */
class NativesTest {

    private static final String PLATFORM = Loader.getPlatform();

    /** A program that uses the engine twice, and prints what it gets. */
    public static final class Program {

        public static void main(String[] args) {
            for (int i = 0; i < 2; i++) {
                try {
                    System.out.println("sum: " + Torch.ones(3).sum().item());
                } catch (LinkageError e) {
                    e.printStackTrace(System.out);
                }
            }
        }
    }

    private static Process start(String classPath, String... options) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Runtime.version().feature() >= 24) {
            command.add("--enable-native-access=ALL-UNNAMED"); // as docs/install.md says
        }
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", classPath, Program.class.getName()));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static String run(String classPath, String... options) throws Exception {
        return output(start(classPath, options));
    }

    private static String output(Process process) throws Exception {
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), out);
        return out;
    }

    private static String classPath(String without) {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> without.isEmpty() || !entry.contains(without))
                .collect(Collectors.joining(File.pathSeparator));
    }

    @Test
    void noNativesAreADependencyToAdd() throws Exception {
        String out = run(classPath(PLATFORM));
        String advice =
                "The native libraries for " + PLATFORM + " are not on the class path: JavaCPP, OpenBLAS, libtorch not"
                        + " found. Add the dependency org.jtorch:jtorch-natives-" + PLATFORM;
        assertTrue(out.startsWith("java.lang.UnsatisfiedLinkError: " + advice), out);
        assertEquals(3, out.split(Pattern.quote(advice), -1).length, "the second use says it too: " + out);
    }

    @Test
    void nativesOfTheCpuAndOfCudaTogetherAreADependencyToRemove(@TempDir Path dir) throws Exception {
        Path library = dir.resolve("org/bytedeco/pytorch/" + PLATFORM + "-gpu/" + System.mapLibraryName("jnitorch"));
        Files.createDirectories(library.getParent());
        Files.createFile(library);
        String out = run(dir + File.pathSeparator + classPath(""));
        assertTrue(
                out.startsWith(
                        "java.lang.UnsatisfiedLinkError: The class path contains the native libraries for " + PLATFORM
                                + " twice: those for the CPU and those with CUDA. Keep one of the two dependencies: remove"
                                + " org.jtorch:jtorch-natives-cuda-" + PLATFORM
                                + ", or remove org.jtorch:jtorch-natives-" + PLATFORM),
                out);
    }

    @Test
    void aDamagedCacheIsMended(@TempDir Path cache) throws Exception {
        String[] options = {"-Dorg.bytedeco.javacpp.cachedir=" + cache, "-Djtorch.progress=false"};
        // two processes together, as when a service starts its workers
        Process first = start(classPath(""), options);
        Process second = start(classPath(""), options);
        assertEquals("sum: 3.0sum: 3.0", output(first).replaceAll("\\R", ""));
        assertEquals("sum: 3.0sum: 3.0", output(second).replaceAll("\\R", ""));

        Path cut = library(cache, "torch_cpu");
        Path old = library(cache, "jnitorch");
        long size = Files.size(cut);
        long bytes = Files.size(old);
        try (RandomAccessFile file = new RandomAccessFile(cut.toFile(), "rw")) {
            file.setLength(size / 2);
        }
        Files.write(old, new byte[(int) bytes]);

        assertEquals("sum: 3.0sum: 3.0", run(classPath(""), options).replaceAll("\\R", ""));
        assertEquals(size, Files.size(cut));
        try (RandomAccessFile file = new RandomAccessFile(old.toFile(), "r")) {
            assertTrue(file.readInt() != 0, "it was written anew");
        }
    }

    private static Path library(Path cache, String name) throws IOException {
        try (Stream<Path> files = Files.walk(cache)) {
            return files.filter(f -> f.getFileName().toString().equals(System.mapLibraryName(name)))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void theAdviceNamesWhatIsThereInstead() {
        String advice = Natives.advice(
                "linux-x86_64", Set.of("org/bytedeco/pytorch/macosx-arm64/libjnitorch.dylib")::contains, true);
        assertNotNull(advice);
        assertTrue(advice.contains("not found, but those for macosx-arm64. Add the dependency"), advice);
        assertTrue(advice.endsWith("start Java with --add-modules ALL-MODULE-PATH."), advice);
    }

    @Test
    void aPlatformWithoutNativesIsNamed() throws Exception {
        String out = run(classPath(""), "-Dorg.bytedeco.javacpp.platform=linux-arm64");
        assertTrue(
                out.startsWith(
                        "java.lang.UnsatisfiedLinkError: There are no native libraries for linux-arm64: jtorch runs on"
                                + " linux-x86_64, macosx-arm64, windows-x86_64."),
                out);
    }

    @Test
    void anotherReasonIsLeftAsItIs() {
        assertNull(Natives.advice("linux-x86_64", name -> !name.contains("-gpu/"), false));
        String cuda = Natives.advice("linux-x86_64", name -> true, false);
        assertNotNull(cuda);
        assertTrue(cuda.contains("CUDA 13.1"), cuda);
        assertFalse(cuda.contains("not on the class path"), cuda);
    }
}
