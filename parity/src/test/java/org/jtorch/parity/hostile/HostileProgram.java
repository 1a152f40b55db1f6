package org.jtorch.parity.hostile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;

/**
 * The program that runs in a JVM of its own: the calls {@code from} to {@code to} of a seed, each of which depends only on the
 * seed and its number. It ends normally, or {@link Campaign} has a finding.
 */
final class HostileProgram {

    private static final long LARGE = 1L << 22;

    private HostileProgram() {}

    /** Runs the calls. The arguments are the folder with the journal, the seed or a list of written programs, from, and to. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        long from = Long.parseLong(arguments[2]);
        long to = Long.parseLong(arguments[3]);
        Journal journal = Journal.open(folder.resolve(Campaign.JOURNAL));
        Torch.setNumThreads(1);
        Watchdog watchdog = new Watchdog(journal, Campaign.CPU_SECONDS, Campaign.CLOCK_SECONDS);
        watchdog.start();
        switch (arguments[1]) {
            case "written" -> written(WrittenPrograms.all(), (int) from, (int) to, journal, watchdog);
            case "deadly" -> written(WrittenPrograms.deadly(), (int) from, (int) to, journal, watchdog);
            default -> generated(Long.parseLong(arguments[1]), from, to, folder, journal, watchdog);
        }
        System.exit(0); // Threads that a program started must not keep the JVM running.
    }

    private static void written(
            List<WrittenPrograms.Written> programs, int from, int to, Journal journal, Watchdog watchdog) {
        for (int index = from; index < to; index++) {
            WrittenPrograms.Written program = programs.get(index);
            journal.begin(index, index - from, program.name(), "written by hand");
            watchdog.begin();
            run(Expression.fresh(program.name(), parts -> program.body().run()), index);
        }
        journal.end(to - from);
    }

    private static void generated(long seed, long from, long to, Path folder, Journal journal, Watchdog watchdog)
            throws IOException {
        Set<String> skipped = new HashSet<>(Files.readAllLines(folder.resolve(Campaign.SKIPPED)));
        PublicApi api = new PublicApi();
        Subjects subjects = new Subjects(api);
        Pattern only = Pattern.compile(System.getProperty(Campaign.ONLY, ""));
        Path files = Files.createDirectories(folder.resolve("files"));
        long done = 0;
        for (long index = from; index < to; index++) {
            Mood mood = new Mood(new Random(seed * 0x9E3779B97F4A7C15L + index * 0xD1342543DE82EF95L));
            Subjects.Program program = subjects.program(mood, new Values(mood, api, files));
            if (skipped.contains(program.subject())
                    || !only.matcher(program.subject()).find()) {
                continue;
            }
            journal.begin(index, done, program.subject(), program.expression().java());
            watchdog.begin();
            run(program.expression(), index);
            done++;
        }
        journal.end(done);
    }

    private static void run(Expression expression, long index) {
        Torch.manualSeed(index);
        Torch.setNumThreads(1); // A program may have changed it.
        Expression.Frame frame = new Expression.Frame();
        try (TensorScope scope = new TensorScope()) {
            try {
                use(expression.run(frame), frame, index, 0);
            } finally {
                frame.undo();
            }
        } catch (Throwable e) {
            // Any exception is acceptable, because the process does not end.
            if (e instanceof OutOfMemoryError) {
                System.gc();
            }
        }
    }

    /** Reads the result of a call, so that memory errors have an effect, and differentiates it. */
    private static void use(@Nullable Object value, Expression.Frame frame, long index, int depth) {
        if (value instanceof Tensor tensor) {
            if (tensor.requiresGrad() && index % 2 == 0) {
                Tensor sum = (tensor.isComplex() ? tensor.abs() : tensor).sum();
                if (index % 8 == 0) {
                    twice(sum, frame);
                } else {
                    sum.backward();
                }
            }
            if (tensor.numel() < LARGE) {
                Tensor unused = tensor.clone();
                if (index % 16 == 0) {
                    String ignored = tensor.toString();
                }
            }
        } else if (value instanceof List<?> list && depth < 3) {
            list.stream().limit(20).forEach(each -> use(each, frame, index, depth + 1));
        } else if (value instanceof Map<?, ?> map && depth < 3) {
            map.values().stream().limit(20).forEach(each -> use(each, frame, index, depth + 1));
        } else if (value instanceof Optional<?> optional && depth < 3) {
            optional.ifPresent(each -> use(each, frame, index, depth + 1));
        } else if (value instanceof Record record && depth < 3) {
            String ignored = record.toString();
        }
    }

    /** Computes the gradients of the gradients. */
    private static void twice(Tensor sum, Expression.Frame frame) {
        List<Tensor> leaves = frame.tensors().stream()
                .filter(t -> !t.isClosed() && t.requiresGrad() && t.isLeaf())
                .distinct()
                .toList();
        List<Tensor> gradients =
                Autograd.grad(List.of(sum), leaves, Collections.nCopies(1, null), true, true, true).stream()
                        .filter(gradient -> gradient != null && gradient.requiresGrad())
                        .toList();
        for (Tensor gradient : gradients) {
            gradient.sum().backward(null, true, false);
        }
    }
}
