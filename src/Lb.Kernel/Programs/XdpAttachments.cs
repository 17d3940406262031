using Lb.Kernel.Handles;
using Lb.Kernel.Interop;
using Lb.Kernel.Netlink;
using Microsoft.Extensions.Logging;

namespace Lb.Kernel.Programs;

/// <summary>Attaches a site's program to its interfaces, and takes over what an earlier start attached.</summary>
internal sealed class XdpAttachments(SitePins pins, XdpProgram program, AttachMode mode, Undo undo, ILogger logger)
{
    private const string AsConfigured = "lb.attach = generic";

    private const string Earlier =
        "an earlier start attached it so; lbd --cleanup and a new start try the driver again";

    /// <summary>Makes the interface carry the program.</summary>
    /// <returns>
    /// The attachment, with its link open: it holds also where somebody removes the pin. Without one where the driver cannot,
    /// and nothing else is asked for.
    /// </returns>
    public AttachedInterface Ensure(string name, int index)
    {
        if (pins.OpenLink(index) is { } pinned)
        {
            var link = new XdpLink(pinned, index);
            try
            {
                if (Adopt(link, name, index) is { } adopted)
                {
                    return new AttachedInterface(adopted, link);
                }
            }
            catch
            {
                link.Dispose();
                throw;
            }

            link.Dispose();
            pins.RemoveLink(index);
            Log.Detached(logger, $"{index}", "its device is another one now, or the configured mode is another");
        }

        return Attach(name, index);
    }

    /// <summary>Detaches from every interface that is not among these.</summary>
    public void DetachOthers(IReadOnlyCollection<int> kept)
    {
        foreach (int index in pins.LinkedInterfaces().Except(kept))
        {
            pins.DetachLink(index);
            Log.Detached(logger, Interfaces.NameOf(index), "it is no longer configured");
        }
    }

    private Attachment? Adopt(XdpLink link, string name, int index)
    {
        LinkInfo info = link.Describe();
        XdpState state;
        using (var netlink = new NetlinkSocket())
        {
            state = LinkQueries.ReadXdp(netlink, index);
        }

        // The index alone may be that of a new device, here or in another namespace; the program tells.
        if (info.InterfaceIndex != index || state.ProgramId != info.ProgramId)
        {
            return null;
        }

        Descriptor before = undo.Need(OpenEarlier(info.ProgramId));
        if ((mode == AttachMode.Native && !state.Native) || (mode == AttachMode.Generic && state.Native))
        {
            link.Detach();
            undo.Add(() => Restore(name, index, before, state.Native));
            return null;
        }

        link.Replace(program.Descriptor);
        undo.Add(() => Replace(index, before));
        Log.ProgramReplaced(logger, name);
        return state.Native
            ? new Attachment(name, index, AttachedXdp.Native, Reason: null)
            : new Attachment(name, index, AttachedXdp.Generic, GenericReason(Earlier));
    }

    /// <summary>
    /// The program that an earlier start attached: from its pin, else by its id. Where neither can be had, as after a
    /// start that was killed before it pinned its program, without CAP_SYS_ADMIN: the one of this start, which works
    /// on the same maps.
    /// </summary>
    private Descriptor OpenEarlier(uint id)
    {
        Descriptor? pinned = pins.OpenProgram(EmbeddedObject.Xdp);
        if (pinned is not null)
        {
            // The program that looks at the descriptor does not close it.
            if (new XdpProgram(EmbeddedObject.Xdp, pinned).ReadId() == id)
            {
                return pinned;
            }

            pinned.Dispose();
        }

        int result = LibBpf.ProgramById(id);
        return result >= 0 ? new Descriptor(result) : Descriptor.Duplicate(program.Descriptor.Value, "dup(lb_xdp)");
    }

    private void Replace(int index, Descriptor by)
    {
        using Descriptor? pinned = pins.OpenLink(index);
        if (pinned is not null)
        {
            using var link = new XdpLink(pinned, index);
            link.Replace(by);
        }
    }

    private void Restore(string name, int index, Descriptor earlier, bool native)
    {
        (XdpLink? link, Errno errno) = XdpLink.TryCreate(
            earlier, index, native ? XdpFlags.Native : XdpFlags.Generic);
        using (link ?? throw Refused(name, errno, mend: null))
        {
            pins.PinLink(index, link.Descriptor);
        }
    }

    private AttachedInterface Attach(string name, int index)
    {
        XdpLink? link;
        if (mode != AttachMode.Generic)
        {
            (link, Errno errno) = XdpLink.TryCreate(program.Descriptor, index, XdpFlags.Native);
            if (link is null)
            {
                ThrowUnlessInDriverOnly(name, errno);
                string reason = $"the driver refused native XDP with {Failure.Name(errno)}";
                Log.NotAttached(logger, name, reason);
                return new AttachedInterface(new Attachment(name, index, AttachedXdp.None, reason), link: null);
            }
        }
        else
        {
            (link, Errno errno) = XdpLink.TryCreate(program.Descriptor, index, XdpFlags.Generic);
            if (link is null)
            {
                throw Refused(name, errno, InTheWay(name, errno));
            }
        }

        try
        {
            pins.PinLink(index, link.Descriptor);
        }
        catch
        {
            link.Dispose();
            throw;
        }

        undo.Add(() => pins.DetachLink(index));
        if (mode != AttachMode.Generic)
        {
            Log.AttachedNative(logger, name);
            return new AttachedInterface(new Attachment(name, index, AttachedXdp.Native, Reason: null), link);
        }

        Log.AttachedGeneric(logger, name, AsConfigured);
        return new AttachedInterface(new Attachment(name, index, AttachedXdp.Generic, AsConfigured), link);
    }

    /// <summary>Throws unless it is the driver that does not run XDP, and traffic control may serve.</summary>
    private void ThrowUnlessInDriverOnly(string name, Errno errno)
    {
        if (InTheWay(name, errno) is { } mend)
        {
            throw Refused(name, errno, mend);
        }

        if (errno is Errno.EPERM or Errno.EACCES or Errno.ENODEV)
        {
            throw Refused(name, errno, mend: null);
        }

        if (mode == AttachMode.Native)
        {
            throw Refused(name, errno, "The driver has no native XDP for it as it is set up; set lb.attach = auto.");
        }
    }

    private static string? InTheWay(string name, Errno errno) => errno is Errno.EBUSY or Errno.EEXIST
        ? $"Another XDP program is attached: detach it with 'ip link set dev {name} xdp off'."
        : null;

    private string GenericReason(string reason) => mode == AttachMode.Generic ? AsConfigured : reason;

    private static KernelException Refused(string name, Errno errno, string? mend) =>
        Failure.Of($"bpf_link_create({name})", errno, mend);
}
