package org.jtorch.serialize.internal.stored;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.serialize.format.CheckpointFormat;
import org.jtorch.serialize.format.TensorInfo;

/**
 * The contents of a file before any tensor of it is read.
 *
 * @param root its value, with a {@link TensorInfo} for each tensor
 * @param header the additional text
 * @param names the unknown classes and functions to which it refers or that it calls anywhere, even if they are not in the
 *     value
 */
public record Contents(CheckpointFormat format, @Nullable Object root, Map<String, String> header, Set<String> names) {}
