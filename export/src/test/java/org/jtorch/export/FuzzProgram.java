package org.jtorch.export;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.export.internal.pt2.Pt2Contents;
import org.jtorch.export.internal.pt2.Pt2Reader;
import org.jtorch.export.internal.run.Interpreter;
import org.jtorch.serialize.LoadOptions;
import org.jtorch.serialize.internal.file.MappedFile;
import org.jtorch.serialize.internal.stored.Readings;

/**
 * Fuzzed: the graph of a program, from its JSON to the plan that could be run. The input is the JSON; the rest of the archive is that
 * of recorded programs, all of whose weights it has. The archive and its weights are read by what the targets of jtorch-serialize
 * fuzz. The outcome is a program or a {@link TorchException}, after at most a second and 256 MiB.
 */
public final class FuzzProgram {

    /** Recorded programs with a JSON of less than 16 KiB, and various operators, trees and sizes. */
    static final List<String> SEEDS = List.of(
            "tied_weights",
            "mutated_buffer",
            "nested_outputs",
            "complex_numbers",
            "mapped",
            "no_grad_part",
            "float16",
            "dynamic_batch",
            "autocast_part",
            "while_loop",
            "dynamic_arithmetic",
            "sizes_from_values");

    static final String MODEL = "models/model.json";

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final long MAX_NANOS = 1_000_000_000L;
    private static final long MAX_BYTES = 256L << 20;

    private static @Nullable ProgramArchive archive;

    private FuzzProgram() {}

    /** Called by the fuzzer before all: starts the engine, so that no input's time is the engine's. */
    public static void fuzzerInitialize() {
        Torch.ones(1).close();
        archive();
    }

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] data) {
        refusal(data);
    }

    /** Returns the text of the refusal, or null if the program was read. */
    static @Nullable String refusal(byte[] data) {
        for (int tries = 1; ; tries++) {
            long bytes = THREADS.getCurrentThreadAllocatedBytes();
            long nanos = THREADS.getCurrentThreadCpuTime();
            String refusal = read(data);
            nanos = THREADS.getCurrentThreadCpuTime() - nanos;
            bytes = THREADS.getCurrentThreadAllocatedBytes() - bytes;
            if (nanos <= MAX_NANOS && bytes <= MAX_BYTES) {
                return refusal;
            }
            if (tries == 2) { // the first reading of all loads classes
                throw new AssertionError("took " + nanos / 1_000_000 + " ms and " + (bytes >> 20) + " MiB");
            }
        }
    }

    private static @Nullable String read(byte[] data) {
        ProgramArchive program = archive();
        program.entries.put(MODEL, data);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TensorScope scope = new TensorScope()) {
            program.write(bytes);
            try (MappedFile file = MappedFile.copyOf(ByteBuffer.wrap(bytes.toByteArray()))) {
                Pt2Contents contents = Pt2Reader.read(file, Readings.of(LoadOptions.class, o -> {}), o -> {});
                Map<String, Tensor> tensors = new LinkedHashMap<>(contents.constants());
                tensors.putAll(contents.state());
                if (new Interpreter(contents.program(), tensors).mutates()
                        && contents.program().toString().isEmpty()) {
                    throw new AssertionError("a program without a text");
                }
                return null;
            }
        } catch (TorchException e) {
            if (e.getMessage() == null || e.getMessage().isBlank()) {
                throw new AssertionError("a refusal without a reason", e);
            }
            return e.getMessage();
        } catch (IOException e) {
            throw new AssertionError(e); // all is in memory
        }
    }

    /** Returns the archive of the first seed with the weights of all. */
    private static ProgramArchive archive() {
        ProgramArchive known = archive;
        if (known == null) {
            known = new ProgramArchive(SEEDS.get(0));
            for (String seed : SEEDS) {
                known.addWeights(new ProgramArchive(seed));
            }
            archive = known;
        }
        return known;
    }
}
