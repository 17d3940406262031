using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Lb.Kernel.Handles;
using Lb.Kernel.Interop;
using Lb.Kernel.Netlink;
using Lb.Kernel.Programs;

namespace Lb.Kernel.Host.Reading;

/// <summary>Reads which BPF programs are on interfaces.</summary>
internal sealed unsafe class ProgramReader(NetlinkSocket netlink, SitePins pins, bool pinsMayExist, bool pinsMayBeOpened)
{
    private const int MostPrograms = 64;

    /// <summary>The XDP program of an interface; null when it has none.</summary>
    public AttachedProgram? ReadXdp(LinkEntry link) => link.Xdp.ProgramId == 0
        ? null
        : new AttachedProgram(
            link.Xdp.ProgramId, NameOf(link.Xdp.ProgramId), "xdp", link.Xdp.Native, IsOurs(link));

    /// <summary>The programs of traffic control, as filters and as links.</summary>
    public ImmutableArray<AttachedProgram> ReadTrafficControl(int index) =>
    [
        .. ReadDirection(index, "tc ingress", FilterQueries.Ingress, LibBpf.AttachTcxIngress),
        .. ReadDirection(index, "tc egress", FilterQueries.Egress, LibBpf.AttachTcxEgress),
    ];

    private IEnumerable<AttachedProgram> ReadDirection(int index, string where, uint filters, int links) =>
    [
        .. FilterQueries.Read(netlink, index, filters).Select(filter => Describe(filter.Id, filter.Name, where)),
        .. ReadLinked(index, links).Select(id => Describe(id, null, where)),
    ];

    private static AttachedProgram Describe(uint id, string? name, string where) =>
        new(id, name ?? NameOf(id), where, Native: false, Ours: false);

    /// <summary>Ids of the programs that are attached by <c>tcx</c> links, which filters do not show.</summary>
    private static uint[] ReadLinked(int index, int attachType)
    {
        uint* ids = stackalloc uint[MostPrograms];
        var options = new ProgramQueryOptions
        {
            Size = (nuint)sizeof(ProgramQueryOptions),
            ProgramIds = ids,
            ProgramCount = MostPrograms,
        };

        // Kernels before 6.6 know no such attachment and refuse the question.
        return LibBpf.ProgramQuery(index, attachType, &options) == 0
            ? new ReadOnlySpan<uint>(ids, (int)options.ProgramCount).ToArray()
            : [];
    }

    private bool? IsOurs(LinkEntry link)
    {
        if (!pinsMayExist)
        {
            return false;
        }

        if (!pinsMayBeOpened)
        {
            return null;
        }

        using Descriptor? pinned = pins.OpenLink(link.Index);
        if (pinned is null)
        {
            return false;
        }

        using var attached = new XdpLink(pinned, link.Index);
        return attached.Describe().ProgramId == link.Xdp.ProgramId;
    }

    /// <summary>Name of a program; null when it has none, or is gone.</summary>
    public static string? NameOf(uint id)
    {
        int result = id == 0 ? -1 : LibBpf.ProgramById(id);
        if (result < 0)
        {
            return null;
        }

        using var program = new Descriptor(result);
        ProgramDetails details = default;
        uint size = (uint)sizeof(ProgramDetails);
        return LibBpf.Info(program, &details, &size) < 0
            ? null
            : Marshal.PtrToStringUTF8((nint)details.Name) is { Length: > 0 } name ? name : null;
    }
}
