package org.jtorch.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.nn.internal.TextTable;
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

/** {@code jtorch convert}: from one format to another. */
@Command(
        name = "convert",
        description = "Convert a checkpoint between .pt and .safetensors, its dtype and its keys, in little memory.")
final class ConvertCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Parameters(index = "0", paramLabel = "IN", description = "Any file that `jtorch inspect` reads.")
    Path in;

    @Parameters(
            index = "1",
            paramLabel = "OUT",
            description = "What to write: .safetensors, or .pt, .pth, .bin or .ckpt for torch.save's format.")
    Path out;

    @Option(
            names = "--dtype",
            paramLabel = "DTYPE",
            converter = DTypeNames.class,
            description = "Convert floating-point tensors: bf16, f16, f32, float64, ...")
    @Nullable
    DType dtype;

    @Option(
            names = "--at",
            paramLabel = "KEY",
            description = "Take what the file has under this key alone: model_state_dict.")
    @Nullable
    String at;

    @Option(
            names = "--strip-prefix",
            paramLabel = "PREFIX",
            description = "Take this off the keys that begin with it: module.")
    @Nullable
    String prefix;

    @Option(
            names = "--rename",
            paramLabel = "FROM=TO",
            description = "Rename a key, or all keys below it; * stands for one part, layers.*.attn=blocks.*.attention."
                    + " May be given more than once.")
    List<String> renames = List.of();

    @Option(
            names = "--max-shard-size",
            paramLabel = "SIZE",
            converter = Sizes.class,
            description = "Write several files of at most this size, and their index: 2GB, 500MiB.")
    @Nullable
    Long maxShardSize;

    @Option(names = "--only-tensors", description = "Leave out what is no tensor; else that is an error.")
    boolean onlyTensors;

    @Option(names = "--shared-once", description = "Write tied tensors once, and note their other names in the header.")
    boolean sharedOnce;

    @Option(
            names = "--no-verify",
            description = "Do not compare checksums, where IN has them; else a damaged file is not converted.")
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
                "wrote %s: %s tensors, %s%n",
                written, TextTable.count(info.tensors().size()), TextTable.bytes(info.nbytes()));
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
