package org.jtorch.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.internal.text.TextTable;
import org.jtorch.serialize.Checkpoint;
import org.jtorch.serialize.CheckpointInfo;
import org.jtorch.serialize.ConvertOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code jtorch convert}: converts a file to another format. */
@Command(
        name = "convert",
        description = {
            "Converts a checkpoint to another format, to another dtype, or to other keys.",
            "Tensors are converted one at a time, so that large files need little memory. OUT appears whole or not at all."
        })
final class ConvertCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "IN",
            description = "The checkpoint to convert: any file that 'jtorch inspect' reads.")
    Path in;

    @Parameters(
            index = "1",
            paramLabel = "OUT",
            description =
                    "The file to write. The end of its name says the format: safetensors, or pt, pth, bin or ckpt for that of"
                            + " torch.save.")
    Path out;

    @Option(
            names = "--dtype",
            paramLabel = "DTYPE",
            converter = DTypeNames.class,
            description = "Convert floating-point tensors to this dtype: bf16, f16, f32, float64 and so on.")
    @Nullable
    DType dtype;

    @Option(
            names = "--at",
            paramLabel = "KEY",
            description = "Convert only what the file has under this key, for example model_state_dict.")
    @Nullable
    String at;

    @Option(
            names = "--strip-prefix",
            paramLabel = "PREFIX",
            description = "Remove this from the keys that begin with it, for example module.")
    @Nullable
    String prefix;

    @Option(
            names = "--rename",
            paramLabel = "FROM=TO",
            description = "Rename a key, or all keys that begin with it. A * stands for one part of a key:"
                    + " layers.*.attn=blocks.*.attention. May be given more than once.")
    List<String> renames = List.of();

    @Option(
            names = "--max-shard-size",
            paramLabel = "SIZE",
            converter = Sizes.class,
            description = "Write several files of at most this size, for example 2GB or 500MiB, and an index of them.")
    @Nullable
    Long maxShardSize;

    @Option(
            names = "--only-tensors",
            description =
                    "Leave out everything but tensors. Without this option, it is an error if OUT cannot hold everything.")
    boolean onlyTensors;

    @Option(
            names = "--shared-once",
            description = "Write tensors that share memory once, and list their other names in the header.")
    boolean sharedOnce;

    @Option(
            names = "--no-verify",
            description = "Do not compare the checksums of IN. Without this option, a damaged file is not converted.")
    boolean noVerify;

    @Mixin
    ReadingOptions reading = new ReadingOptions();

    @Override
    public Integer call() {
        Path written;
        try (ByteProgress progress = new ByteProgress()) {
            written = Checkpoint.convert(in, out, o -> set(o).progress(progress));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        CheckpointInfo info = Checkpoint.open(written, reading.load());
        PrintWriter print = spec.commandLine().getOut();
        print.printf(
                "wrote %s: %s, %s%n",
                written, TextTable.count(info.tensors().size(), "tensor"), TextTable.bytes(info.nbytes()));
        print.flush();
        return 0;
    }

    private ConvertOptions set(ConvertOptions options) {
        options.load(reading.load()).verify(!noVerify);
        if (dtype != null) {
            options.dtype(dtype);
        }
        if (at != null) {
            options.at(at);
        }
        if (prefix != null) {
            options.stripPrefix(prefix);
        }
        for (String rename : renames) {
            int equals = rename.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("--rename is '" + rename + "', but must be FROM=TO");
            }
            options.rename(rename.substring(0, equals), rename.substring(equals + 1));
        }
        if (maxShardSize != null) {
            options.maxShardSize(maxShardSize);
        }
        if (onlyTensors) {
            options.onlyTensors();
        }
        if (sharedOnce) {
            options.sharedOnce();
        }
        return options;
    }
}
