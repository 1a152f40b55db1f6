package org.jtorch.data.sources;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.jtorch.TorchException;

/** Reads a Parquet file through DuckDB, with JDBC. */
final class ParquetRecords implements Records {

    /** The types that are kept as numbers; SQL makes text of the others. */
    private static final Map<String, NumberColumn.Kind> NUMBERS = Map.of(
            "BOOLEAN", NumberColumn.Kind.BOOLEAN,
            "TINYINT", NumberColumn.Kind.INT,
            "UTINYINT", NumberColumn.Kind.INT,
            "SMALLINT", NumberColumn.Kind.INT,
            "USMALLINT", NumberColumn.Kind.INT,
            "INTEGER", NumberColumn.Kind.INT,
            "UINTEGER", NumberColumn.Kind.LONG,
            "BIGINT", NumberColumn.Kind.LONG,
            "FLOAT", NumberColumn.Kind.FLOAT,
            "DOUBLE", NumberColumn.Kind.DOUBLE);

    /** Folders named {@code year=2024} add no columns. */
    private static final String SOURCE = "FROM read_parquet(?, hive_partitioning = false)";

    private static final Pattern LIST = Pattern.compile("([A-Z]+)\\[\\d*]");

    private final Path path;
    private final Connection connection;
    private final Map<String, String> types;
    private final List<String> names;
    private final ResultSet rows;
    private long number;

    private ParquetRecords(Path path, Connection connection, RowOptions.Settings settings) throws SQLException {
        this.path = path;
        this.connection = connection;
        try (Statement set = connection.createStatement()) {
            // Times with a time zone are the same text on every machine.
            set.execute("SET TimeZone = 'UTC'");
        }
        String file = pattern(path);
        Map<String, String> all = types(file);
        settings.requireColumns(path, all.keySet());
        types = new LinkedHashMap<>();
        all.forEach((name, type) -> {
            if (settings.keeps(name)) {
                types.put(name, type);
            }
        });
        names = List.copyOf(types.keySet());
        String columns = String.join(", ", names.stream().map(this::selected).toList());
        PreparedStatement select = connection.prepareStatement("SELECT " + columns + " " + SOURCE);
        select.setString(1, file);
        rows = select.executeQuery();
    }

    static ParquetRecords open(Path path, RowOptions.Settings settings) {
        if (path.getFileSystem() != FileSystems.getDefault()) {
            throw new IllegalArgumentException(path + ": only files of the default file system can be read as Parquet");
        }
        if (!Files.isRegularFile(path)) {
            throw TextFiles.failure(
                    path,
                    Files.exists(path)
                            ? new IOException("it is not a file")
                            : new NoSuchFileException(path.toString()));
        }
        Connection connection;
        try {
            connection = connect();
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB cannot be started: " + e.getMessage(), e);
        }
        try {
            return new ParquetRecords(path, connection, settings);
        } catch (SQLException e) {
            closeAfter(connection, e);
            throw failure(path, e);
        } catch (Throwable e) {
            closeAfter(connection, e);
            throw e;
        }
    }

    private static void closeAfter(Connection connection, Throwable failure) {
        try {
            connection.close();
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    private static Connection connect() throws SQLException {
        try {
            Driver driver = Class.forName(
                            OptionalLibrary.DUCKDB.require().getName(), true, ParquetRecords.class.getClassLoader())
                    .asSubclass(Driver.class)
                    .getDeclaredConstructor()
                    .newInstance();
            Properties properties = new Properties();
            properties.setProperty("jdbc_stream_results", "true");
            // Nothing is downloaded.
            properties.setProperty("autoinstall_known_extensions", "false");
            properties.setProperty("autoload_known_extensions", "false");
            return driver.connect("jdbc:duckdb:", properties);
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new IllegalStateException("DuckDB cannot be used: " + e, e);
        }
    }

    /** Returns the pattern that stands for one file only. */
    private static String pattern(Path path) {
        return path.toAbsolutePath().toString().replaceAll("[*?\\[]", "[$0]");
    }

    private Map<String, String> types(String file) throws SQLException {
        Map<String, String> found = new LinkedHashMap<>();
        try (PreparedStatement describe = connection.prepareStatement("DESCRIBE SELECT * " + SOURCE)) {
            describe.setString(1, file);
            ResultSet columns = describe.executeQuery();
            while (columns.next()) {
                found.put(columns.getString(1), columns.getString(2));
            }
        }
        return found;
    }

    private String selected(String name) {
        String quoted = '"' + name.replace("\"", "\"\"") + '"';
        return isKept(type(name)) ? quoted : "CAST(" + quoted + " AS VARCHAR)";
    }

    private String type(String name) {
        return String.valueOf(types.get(name));
    }

    private static boolean isKept(String type) {
        return type.equals("BLOB") || NUMBERS.containsKey(type) || elements(type) != null;
    }

    private static NumberColumn.@Nullable Kind elements(String type) {
        Matcher list = LIST.matcher(type);
        return list.matches() ? NUMBERS.get(list.group(1)) : null;
    }

    /** Returns a column for each column of the file, without rows. */
    Map<String, Column> newColumns() {
        Map<String, Column> columns = new LinkedHashMap<>();
        types.forEach((name, type) -> columns.put(name, newColumn(type)));
        return columns;
    }

    private static Column newColumn(String type) {
        NumberColumn.Kind number = NUMBERS.get(type);
        if (number != null) {
            return new NumberColumn(number);
        }
        NumberColumn.Kind elements = elements(type);
        if (elements != null) {
            return new ListColumn(elements);
        }
        return type.equals("BLOB") ? BytesColumn.ofBytes() : BytesColumn.ofText();
    }

    /** Returns the number of the row that was read last, from 0. */
    long number() {
        return number - 1;
    }

    @Override
    public @Nullable Fields next() {
        try {
            if (!rows.next()) {
                return null;
            }
            number++;
            List<@Nullable Object> values = new ArrayList<>(names.size());
            for (int i = 0; i < names.size(); i++) {
                values.add(value(i + 1, type(names.get(i))));
            }
            return new ParquetRow(names, values, path + ", row " + number());
        } catch (SQLException e) {
            throw failure(path, e);
        }
    }

    private @Nullable Object value(int column, String type) throws SQLException {
        if (elements(type) != null) {
            java.sql.Array list = rows.getArray(column);
            return list == null ? null : Arrays.asList((Object[]) list.getArray());
        }
        return type.equals("BLOB") ? rows.getBytes(column) : rows.getObject(column);
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw failure(path, e);
        }
    }

    private static TorchException failure(Path path, SQLException e) {
        String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        return new TorchException(path + ": cannot be read as Parquet: " + message, e);
    }

    /** A row of the file. */
    private record ParquetRow(List<String> names, List<@Nullable Object> values, String place) implements Fields {
        @Override
        public boolean has(String column) {
            return names.contains(column);
        }

        @Override
        public @Nullable Object value(String column) {
            int index = names.indexOf(column);
            return index < 0 ? null : values.get(index);
        }
    }
}
