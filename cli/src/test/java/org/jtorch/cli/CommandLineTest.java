package org.jtorch.cli;

import static org.jtorch.cli.CommandRun.run;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jtorch.serialize.Checkpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command as a user sees it: its output and its exit status. */
class CommandLineTest {

    @TempDir
    Path folder;

    @Test
    void trainsPredictsAndInspects() {
        String file = folder.resolve("d.pt").toString();
        CommandRun train = run("train", "--epochs", "3", "--out", file);
        assertEquals(0, train.status(), train.err());
        assertTrue(train.out().contains("epoch 3/3  loss "), train.out());
        CommandRun predict = run("predict", file, "--index", "5");
        assertEquals(0, predict.status(), predict.err());
        assertEquals(accuracy(train.out()), accuracy(predict.out()));
        assertTrue(predict.out().contains("held-out digit 5"), predict.out());
        assertTrue(predict.out().lines().anyMatch(l -> l.endsWith("  <")), predict.out());
        Path logits = folder.resolve("logits.safetensors");
        assertEquals(0, run("predict", file, "--logits", logits.toString()).status());
        assertArrayEquals(
                new long[] {360, 10},
                Checkpoint.load(logits).stateDict().get("logits").shape());
        CommandRun inspect = run("inspect", file);
        assertEquals(0, inspect.status(), inspect.err());
        assertTrue(inspect.out().contains("fc1.weight"), inspect.out());
        assertTrue(inspect.out().contains("4 tensors, 9,610 elements, 38,440 bytes"), inspect.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"cnn", "transformer"})
    void otherModels(String model) {
        String file = folder.resolve(model + ".pt").toString();
        CommandRun train = run("train", "--model", model, "--epochs", "2", "--out", file);
        assertEquals(0, train.status(), train.err());
        CommandRun predict = run("predict", file);
        assertEquals(0, predict.status(), predict.err());
        assertEquals(accuracy(train.out()), accuracy(predict.out()));
        CommandRun unknown = run("train", "--model", "rnn");
        assertEquals(2, unknown.status());
        assertTrue(unknown.err().contains("rnn") && unknown.err().contains("TRANSFORMER"), unknown.err());
    }

    private static String accuracy(String out) {
        Matcher matcher = Pattern.compile("test accuracy (.*)").matcher(out);
        assertTrue(matcher.find(), out);
        return matcher.group(1);
    }

    @Test
    void helpIsEverywhere() {
        assertTrue(run("--help").out().startsWith("Usage: jtorch"));
        for (String command : Main.commandLine().getSubcommands().keySet()) {
            CommandRun help = run(command, "--help");
            assertEquals(0, help.status());
            assertTrue(help.out().startsWith("Usage: jtorch " + command), help.out());
            assertFalse(help.out().contains("\u001b"), help.out());
        }
    }

    @Test
    void withoutACommandTheUsageIsAnError() {
        CommandRun result = run();
        assertEquals(2, result.status());
        assertEquals("", result.out());
        assertTrue(result.err().startsWith("Usage: jtorch"), result.err());
    }

    /** A file that nobody has checked must not clear the terminal, or add lines that look like the command's. */
    @Test
    void namesAndTextsOfAFileDoNotSteerTheTerminal() {
        Path file = folder.resolve("steering.pt");
        Checkpoint.save(
                file,
                Map.of(
                        "k\u001b[31m\nfake 3",
                        org.jtorch.Torch.ones(1),
                        "val",
                        "\u001b]0;title\u0007\u202e",
                        "a\nb",
                        1L));
        for (String[] command :
                new String[][] {{"inspect"}, {"inspect", "--tree"}, {"check"}, {"convert", "--at", "x\u001b"}}) {
            List<String> arguments = new java.util.ArrayList<>(List.of(command));
            arguments.add(1, file.toString());
            if (command[0].equals("convert")) {
                arguments.add(2, folder.resolve("out.pt").toString());
            }
            CommandRun result = run(arguments.toArray(String[]::new));
            String all = result.out() + result.err();
            assertFalse(all.matches("(?s).*[\u001b\u0007\u202e].*"), all);
            assertFalse(all.lines().anyMatch(line -> line.startsWith("fake")), all);
        }
        assertTrue(run("inspect", file.toString()).out().contains("k\\x1b[31m\\nfake 3"));
    }

    @Test
    void anOutputThatCannotBeWrittenIsRemembered() {
        StandardOutput out = new StandardOutput(new java.io.OutputStream() {
            @Override
            public void write(int b) throws java.io.IOException {
                throw new java.io.IOException("No space left on device");
            }
        });
        out.writer().println("text");
        assertEquals("No space left on device", String.valueOf(out.failure().getMessage()));
        assertFalse(out.isUnwanted());
    }

    @Test
    void whatIsMisspeltIsFound() {
        failsWith(2, "there is no command 'inspekt': did you mean 'inspect'?", "inspekt", "x.pt");
        failsWith(2, "there is no option '--stast': did you mean '--stats'?", "inspect", "--stast", "x.pt");
        failsWith(2, "there is no option '--hlep': did you mean '--help'?", "--hlep");
        failsWith(2, "there is one argument too many, 'y.pt'", "inspect", "x.pt", "y.pt");
        Path file = folder.resolve("net.pt");
        Checkpoint.save(file, new org.jtorch.models.Mlp(3, 4, 5).stateDict());
        String in = file.toString();
        String out = folder.resolve("net.safetensors").toString();
        failsWith(1, "did you mean 'fc1.weight'?", "convert", in, out, "--at", "fc1.wieght");
        failsWith(1, "did you mean 'fc1'?", "convert", in, out, "--rename", "f1c=layer");
    }

    @Test
    void completionIsAScriptForTheShell() {
        CommandRun script = run("completion", "bash");
        assertEquals(0, script.status());
        assertTrue(script.out().contains("complete -F _complete_jtorch -o default jtorch"), script.out());
        failsWith(2, "BASH, ZSH", "completion", "fish");
    }

    @Test
    void aNestedMapIsListedInTheFilesOrder() {
        java.util.Map<String, Object> inner = new java.util.LinkedHashMap<>();
        for (String key : new String[] {"z", "a", "m"}) {
            inner.put(key, org.jtorch.Torch.zeros(1));
        }
        java.util.Map<String, Object> outer = new java.util.LinkedHashMap<>();
        outer.put("second", inner);
        outer.put("first", new java.util.LinkedHashMap<>(inner));
        Path file = folder.resolve("nested.pt");
        Checkpoint.save(file, outer);
        List<String> expected = List.of("second.z", "second.a", "second.m", "first.z", "first.a", "first.m");
        assertEquals(
                expected,
                run("inspect", file.toString())
                        .out()
                        .lines()
                        .filter(line -> line.contains("float32"))
                        .map(line -> line.substring(0, line.indexOf(' ')))
                        .toList());
    }

    @Test
    void badInputGetsOneLineAndAStatus() throws IOException {
        Path text = Files.writeString(folder.resolve("notes.pt"), "not a checkpoint");
        failsWith(1, "missing.pt", "inspect", folder.resolve("missing.pt").toString());
        failsWith(1, "notes.pt", "inspect", text.toString());
        failsWith(1, "notes.pt", "predict", text.toString());
        failsWith(2, "--epochs is 0", "train", "--epochs", "0");
        failsWith(
                2,
                "there is no folder",
                "train",
                "--out",
                folder.resolve("no/such/d.pt").toString());
        failsWith(2, "there is no option '--wrong' (see 'jtorch train --help')", "train", "--wrong");
        failsWith(2, "there is no command 'nonsense'", "nonsense");
    }

    @Test
    void aCheckpointOfAnotherModelIsRefusedWithWhatDiffers() throws IOException {
        Path other = folder.resolve("other.pt");
        org.jtorch.serialize.Checkpoint.save(other, new org.jtorch.models.Mlp(3, 4, 5).stateDict());
        CommandRun result = run("predict", other.toString());
        assertEquals(1, result.status());
        assertTrue(result.err().contains("size mismatch for fc1.weight"), result.err());
    }

    @Test
    void debugShowsTheStackTrace() {
        CommandRun result = run("inspect", folder.resolve("missing.pt").toString(), "--debug");
        assertEquals(1, result.status());
        assertTrue(result.err().contains("\tat org.jtorch."), result.err());
    }

    private static void failsWith(int status, String part, String... args) {
        CommandRun result = run(args);
        assertEquals(status, result.status(), result.err());
        assertEquals(1, result.err().lines().count(), result.err());
        assertTrue(result.err().startsWith("jtorch: "), result.err());
        assertTrue(result.err().contains(part), result.err());
        assertFalse(result.err().contains("\tat "), result.err());
    }
}
