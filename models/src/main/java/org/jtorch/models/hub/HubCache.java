package org.jtorch.models.hub;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folders of one repository in the cache, as Python's {@code huggingface_hub} lays them out: {@code blobs} with the contents by
 * their hash, {@code snapshots} with links to them by commit and name, and {@code refs} with the commit of each branch.
 *
 * @see <a href="https://huggingface.co/docs/huggingface_hub/guides/manage-cache">the layout</a>
 */
final class HubCache {

    private static final String PREFIX = "models--";

    private final Path root;

    HubCache(Path cache, String repository) {
        this.root = cache.resolve(PREFIX + repository.replace("/", "--"));
    }

    static Path standard() {
        String hub = HubOptions.environment("HF_HUB_CACHE", HubOptions.environment("HUGGINGFACE_HUB_CACHE", ""));
        return hub.isEmpty() ? home().resolve("hub") : Path.of(hub);
    }

    private static Path home() {
        String home = HubOptions.environment("HF_HOME", "");
        if (!home.isEmpty()) {
            return Path.of(home);
        }
        String caches = HubOptions.environment("XDG_CACHE_HOME", "");
        return (caches.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(caches))
                .resolve("huggingface");
    }

    static @Nullable String standardToken() {
        String token = HubOptions.environment("HF_TOKEN", HubOptions.environment("HUGGING_FACE_HUB_TOKEN", ""));
        if (!token.isEmpty()) {
            return token.strip();
        }
        Path file = Path.of(
                HubOptions.environment("HF_TOKEN_PATH", home().resolve("token").toString()));
        try {
            String written = Files.exists(file) ? Files.readString(file).strip() : "";
            return written.isEmpty() ? null : written;
        } catch (IOException e) {
            throw new HubException("the token in " + file + " cannot be read: " + e, e);
        }
    }

    /** Returns the names of the repositories of a cache. */
    static List<String> repositories(Path cache) throws IOException {
        if (!Files.isDirectory(cache)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(cache)) {
            return folders.map(folder -> folder.getFileName().toString())
                    .filter(name -> name.startsWith(PREFIX))
                    .map(name -> name.substring(PREFIX.length()).replace("--", "/"))
                    .sorted()
                    .toList();
        }
    }

    /** Returns the commit of a branch or tag that was downloaded last, the commit itself, or null. */
    @Nullable
    String commit(String revision) throws IOException {
        Path ref = inside(root.resolve("refs"), revision);
        if (Files.isRegularFile(ref)) {
            return Files.readString(ref).strip();
        }
        return Files.isDirectory(snapshot(revision)) ? revision : null;
    }

    void commit(String revision, String commit) throws IOException {
        if (!revision.equals(commit)) {
            Path ref = inside(root.resolve("refs"), revision);
            Files.createDirectories(Objects.requireNonNull(ref.getParent()));
            Path unfinished = ref.resolveSibling(ref.getFileName() + ".tmp");
            Files.writeString(unfinished, commit);
            Files.move(unfinished, ref, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    Path snapshot(String commit) {
        return inside(root.resolve("snapshots"), commit);
    }

    Path blob(String hash) throws IOException {
        Path blobs = root.resolve("blobs");
        Files.createDirectories(blobs);
        return inside(blobs, hash);
    }

    /** Returns the place of a file in a snapshot. */
    Path file(String commit, String name) {
        return inside(snapshot(commit), name);
    }

    /** Makes a file of a snapshot a link to its content, or the content itself where links are not allowed. */
    void link(String commit, String name, Path blob) throws IOException {
        Path file = file(commit, name);
        Path parent = Objects.requireNonNull(file.getParent()); // it is below a snapshot
        Files.createDirectories(parent);
        Files.deleteIfExists(file);
        try {
            Files.createSymbolicLink(file, parent.relativize(blob));
        } catch (FileAlreadyExistsException e) {
            return; // another process was faster
        } catch (UnsupportedOperationException | FileSystemException e) {
            Files.move(blob, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Returns a path below a folder; names that a server gives must not lead out of it. */
    private static Path inside(Path folder, String name) {
        Path path = folder.resolve(name).normalize();
        if (name.isEmpty() || !path.startsWith(folder.normalize()) || path.equals(folder.normalize())) {
            throw new HubException("'" + name + "' is not the name of a file in a repository");
        }
        return path;
    }
}
