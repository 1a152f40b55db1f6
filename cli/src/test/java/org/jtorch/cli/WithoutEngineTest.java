package org.jtorch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.serialize.Checkpoint;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Commands that only use keys do not load the engine: its natives are not on the class path here. Files of 20,000 keys are
 * listed in a small heap.
 */
class WithoutEngineTest {

    private static final int KEYS = 20_000;

    private static final Pattern NATIVES = Pattern.compile(".*-(linux|macosx|windows)-[a-z0-9_]+\\.jar");

    private record Result(int status, String out) {}

    @TempDir
    static Path folder;

    @BeforeAll
    static void write() {
        try (TensorScope scope = new TensorScope()) {
            Map<String, Tensor> state = new LinkedHashMap<>();
            for (int i = 0; i < KEYS; i++) {
                state.put("layers." + i + ".weight", Torch.zeros(4));
            }
            Checkpoint.save(folder.resolve("many.pt"), state);
            Checkpoint.saveSafetensors(folder.resolve("many.safetensors"), state);
        }
    }

    private static Result run(String command) throws IOException, InterruptedException {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(element -> !NATIVES.matcher(element).matches())
                .collect(Collectors.joining(File.pathSeparator));
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                classPath,
                Main.class.getName()));
        line.addAll(List.of(command.split(" ")));
        Process process = new ProcessBuilder(line)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), out);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "diff --help",
                "completion bash",
                "inspect many.pt",
                "inspect many.safetensors",
                "inspect --tree many.pt",
                "inspect --json many.safetensors",
                "check many.pt",
                "check many.safetensors",
                "diff --keys many.pt many.safetensors"
            })
    void isNotNeeded(String command) throws IOException, InterruptedException {
        Result result = run(command);
        assertEquals(0, result.status, result.out);
    }

    /** Shows that the other tests prove something. */
    @Test
    void isNeededForValues() throws IOException, InterruptedException {
        assertNotEquals(0, run("diff many.pt many.safetensors").status);
        assertNotEquals(0, run("inspect --stats many.pt").status);
    }

    @Test
    void isNotNeededToSayThatAFileIsDamaged() throws IOException, InterruptedException {
        byte[] bytes = Files.readAllBytes(folder.resolve("many.safetensors"));
        bytes[bytes.length - 1] ^= 1;
        Files.write(folder.resolve("damaged.safetensors"), bytes);
        Result result = run("check damaged.safetensors");
        assertEquals(1, result.status, result.out);
        assertTrue(result.out.contains("layers.9999.weight' is damaged"), result.out);
    }
}
