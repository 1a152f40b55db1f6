package org.jtorch.internal.engine;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * The directory into which JavaCPP unpacks the native libraries, made safe for a process that was killed while it unpacked, and
 * for several that start at once.
 *
 * <p>JavaCPP compares the size and the date of a library before it loads it by its name, and unpacks it anew if they differ. But
 * a library may be loaded earlier, because another one needs it. If it is cut off then, or if another process is still writing
 * it, the process ends with a signal. So everything is compared before anything is loaded, and who unpacks holds a lock until
 * the last library is there. JavaCPP writes a new file in place of a damaged one: a process that uses the old one keeps it.
 */
final class NativesCache {

    /** Beside the libraries of libtorch after all of them were unpacked and loaded. */
    private static final String COMPLETE = ".jtorch-complete";

    private static final String LOCK = ".jtorch-lock";

    private NativesCache() {}

    /**
     * Sees to it that all libraries are unpacked, and whole.
     *
     * @param libraries the resources of one library of each artifact, libtorch's last; those that are not there are passed over
     */
    static void fill(List<String> libraries) throws IOException {
        // one process has one lock on a file: this is the monitor by which JavaCPP, too, tells its threads and class
        // loaders
        synchronized (Runtime.getRuntime()) {
            try (FileChannel channel = FileChannel.open(
                            Loader.getCacheDir().toPath().resolve(LOCK),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                Path complete = null;
                for (String library : libraries) {
                    URL url = resource(library);
                    // what lies in a directory of the class path is loaded from there
                    if (url != null && !url.getProtocol().equals("file")) {
                        File directory = Loader.cacheResource(url).getParentFile();
                        mend(directory, library.substring(0, library.lastIndexOf('/') + 1));
                        complete = directory.toPath().resolve(COMPLETE);
                    }
                }
                if (complete != null && !Files.exists(complete)) {
                    Loader.load(torch.class);
                    Files.createFile(complete);
                }
            }
        }
    }

    /** Unpacks anew what differs in size or date from the resource of that name. */
    private static void mend(File directory, String resources) throws IOException {
        File[] files = directory.listFiles();
        for (File file : files == null ? new File[0] : files) {
            URL source = resource(resources + file.getName());
            if (source != null && !Files.isSymbolicLink(file.toPath())) {
                Loader.cacheResource(source);
            }
        }
    }

    private static @Nullable URL resource(String name) {
        return NativesCache.class.getResource("/" + name);
    }
}
