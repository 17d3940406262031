using System.Runtime.InteropServices;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Handles;

/// <summary>A <c>struct bpf_object</c> of libbpf.</summary>
internal sealed class ObjectHandle : SafeHandle
{
    public ObjectHandle()
        : base(0, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibBpf.ObjectClose(handle);
        return true;
    }
}
