package org.jtorch.models.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Downloads one file into the cache. A break is continued where it was, also by another process. */
final class Download {

    private static final int BUFFER = 1 << 20;

    private final HubClient client;
    private final HubOptions options;
    private final String name;
    private final HubClient.RemoteFile remote;
    private final Path blob;

    Download(HubClient client, HubOptions options, String name, HubClient.RemoteFile remote, Path blob) {
        this.client = client;
        this.options = options;
        this.name = name;
        this.remote = remote;
        this.blob = blob;
    }

    void run() throws IOException, InterruptedException {
        Path unfinished = blob.resolveSibling(blob.getFileName() + ".incomplete");
        try (FileChannel channel = FileChannel.open(
                        unfinished, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock lock = lock(channel)) {
            if (Files.exists(blob)) {
                return; // another process has finished it meanwhile
            }
            fetch(channel);
            channel.force(true);
            verify(channel, unfinished);
            Files.move(unfinished, blob, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.lock();
        } catch (OverlappingFileLockException e) {
            throw new HubException("another thread downloads the file '" + name + "' into the same cache", e);
        }
    }

    private void fetch(FileChannel channel) throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                fetchRest(channel);
                return;
            } catch (IOException e) {
                if (attempt == options.attempts) {
                    throw new IOException(
                            "the file '" + name + "' breaks off after " + channel.size() + " of " + remote.size()
                                    + " bytes, after " + attempt + " attempts: " + e.getMessage(),
                            e);
                }
                Thread.sleep(Math.min(5000, 100L << attempt));
            }
        }
    }

    private void fetchRest(FileChannel channel) throws IOException, InterruptedException {
        long there = channel.size();
        if (remote.size() >= 0 && there > remote.size()) {
            channel.truncate(0);
            there = 0;
        }
        if (remote.size() >= 0 && there == remote.size()) {
            return;
        }
        HttpResponse<InputStream> response = client.open(remote, there);
        try (InputStream body = response.body();
                StallAlarm alarm = new StallAlarm(body, options.timeout)) {
            client.check(response, "file '" + name + "'");
            if (response.statusCode() != 206) { // the server begins again
                channel.truncate(0);
                there = 0;
            }
            channel.position(there);
            byte[] buffer = new byte[BUFFER];
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                there += read;
                alarm.progress();
                options.progress.update(name, there, Math.max(there, remote.size()));
            }
        }
        if (remote.size() >= 0 && there != remote.size()) {
            throw new IOException("the content ends after " + there + " of " + remote.size() + " bytes");
        }
    }

    /** Compares the content with the hash: SHA-256, or git's for small files. */
    private void verify(FileChannel channel, Path unfinished) throws IOException {
        String hash = remote.hash();
        if (!hash.matches("[0-9a-f]{40}|[0-9a-f]{64}")) {
            return; // not a hash of the content
        }
        MessageDigest digest = digest(hash.length() == 64 ? "SHA-256" : "SHA-1");
        if (hash.length() == 40) {
            digest.update(("blob " + channel.size() + "\0").getBytes(StandardCharsets.US_ASCII));
        }
        channel.position(0);
        InputStream content = Channels.newInputStream(channel);
        byte[] buffer = new byte[BUFFER];
        for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
            digest.update(buffer, 0, read);
        }
        String found = HexFormat.of().formatHex(digest.digest());
        if (!found.equals(hash)) {
            Files.delete(unfinished);
            throw new HubException("the file '" + name + "' was damaged on its way: its hash is " + found
                    + ", but the Hub says " + hash + "; download it again");
        }
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has " + algorithm, e);
        }
    }
}
