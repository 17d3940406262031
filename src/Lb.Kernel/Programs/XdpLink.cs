using Lb.Kernel.Handles;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Programs;

/// <summary>The attachment of an XDP program to an interface.</summary>
internal sealed unsafe class XdpLink(Descriptor descriptor, int interfaceIndex) : IDisposable
{
    /// <summary>The open link.</summary>
    public Descriptor Descriptor => descriptor;

    /// <summary>Attaches a program.</summary>
    /// <returns>The link, or the errno why not.</returns>
    public static (XdpLink? Link, Errno Errno) TryCreate(Descriptor program, int interfaceIndex, XdpFlags flags)
    {
        var options = new LinkCreateOptions { Size = (nuint)sizeof(LinkCreateOptions), Flags = flags };
        int result = LibBpf.LinkCreate(program, interfaceIndex, LibBpf.AttachXdp, &options);
        return result < 0
            ? (null, (Errno)(-result))
            : (new XdpLink(new Descriptor(result), interfaceIndex), default);
    }

    /// <summary>What the kernel says about the link.</summary>
    public LinkInfo Describe()
    {
        LinkInfo info = default;
        uint size = (uint)sizeof(LinkInfo);
        Failure.Check(LibBpf.Info(descriptor, &info, &size), $"bpf_obj_get_info_by_fd(link {interfaceIndex})");
        return info;
    }

    /// <summary>Puts another program in place of the attached one: every packet meets one of them.</summary>
    public void Replace(Descriptor program) =>
        Failure.Check(LibBpf.LinkUpdate(descriptor, program, null), $"bpf_link_update({interfaceIndex})");

    /// <summary>Detaches now, whoever else has the link open or pinned.</summary>
    public void Detach()
    {
        int result = LibBpf.LinkDetach(descriptor);
        if (result != -(int)Errno.ENOLINK)
        {
            Failure.Check(result, $"bpf_link_detach({interfaceIndex})");
        }
    }

    /// <summary>Closes the link; a pin keeps it attached.</summary>
    public void Dispose() => descriptor.Dispose();
}
