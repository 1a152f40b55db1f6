package org.jtorch.serialize;

import org.jtorch.DType;
import org.jtorch.UntypedStorage;
import org.jtorch.internal.options.Customized;
import org.jtorch.serialize.internal.contents.ContentsWalk;
import org.jtorch.serialize.internal.contents.UnknownClasses;
import org.jtorch.serialize.internal.pickle.Unpickler;
import org.jtorch.serialize.internal.stored.FileStorage;
import org.jtorch.serialize.internal.stored.StorageSource;
import org.jtorch.serialize.internal.torch.TorchEnvironment;

/** Fuzzed: the unpickler, with the names that PyTorch's files use. Loads no engine. */
public final class FuzzPickle {

    private FuzzPickle() {}

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] data) {
        FuzzBounds.read(() -> read(data));
    }

    static void read(byte[] data) {
        LoadOptions options =
                Customized.of(new LoadOptions(), data.length % 2 == 0 ? LoadOptions::allowUnknownClasses : o -> {});
        TorchEnvironment names = new TorchEnvironment(new AnyStorage(), options.reading(), data.length);
        Object root = Unpickler.load(data, names, options.reading().limits());
        names.unknown();
        UnknownClasses.in(root, options.reading()::allows);
        ContentsWalk.replace(root, (path, tensor) -> path.toString());
    }

    /** Has every storage. */
    private static final class AnyStorage implements StorageSource {

        @Override
        public void check(FileStorage storage) {}

        @Override
        public UntypedStorage open(FileStorage storage, DType dtype, boolean mapped) {
            throw new AssertionError("a pickle is read without its storages");
        }
    }
}
