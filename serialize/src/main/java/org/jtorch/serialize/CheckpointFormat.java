package org.jtorch.serialize;

/** The formats of checkpoint files. */
public enum CheckpointFormat {
    /** What {@code torch.save} writes since PyTorch 1.6: a zip archive of a pickle and the tensors' bytes. */
    TORCH,
    /** <a href="https://huggingface.co/docs/safetensors">safetensors</a>: a JSON header and the tensors' bytes. */
    SAFETENSORS
}
