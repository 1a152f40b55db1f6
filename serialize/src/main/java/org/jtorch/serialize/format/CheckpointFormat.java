package org.jtorch.serialize.format;

/** The formats of checkpoint files. */
public enum CheckpointFormat {
    /** What {@code torch.save} writes since PyTorch 1.6: a zip archive of a pickle and the tensors' bytes. */
    TORCH,
    /** What {@code torch.save} wrote before PyTorch 1.6: pickles, and the tensors' bytes after them. */
    TORCH_LEGACY,
    /** What {@code torch.jit.save} writes: a zip archive of a module's code, its pickle and the tensors' bytes. */
    TORCHSCRIPT,
    /** <a href="https://huggingface.co/docs/safetensors">safetensors</a>: a JSON header and the tensors' bytes. */
    SAFETENSORS,
    /** An index in JSON, {@code model.safetensors.index.json}, of files beside it that hold the tensors between them. */
    SHARDED
}
