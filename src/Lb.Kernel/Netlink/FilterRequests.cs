using System.Text;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Netlink;

/// <summary>A filter of traffic control, of whatever kind.</summary>
/// <param name="Handle">Its handle.</param>
/// <param name="Priority">Where it stands among the filters.</param>
/// <param name="Bpf">The program that it is; null for another kind.</param>
internal sealed record TrafficFilter(uint Handle, ushort Priority, BpfFilter? Bpf);

/// <summary>
/// Makes and removes BPF filters for what comes in, and <c>clsact</c>, which they hang on.
/// </summary>
internal static class FilterRequests
{
    private const uint ClsactHandle = 0xFFFF_0000;
    private const uint ClsactParent = 0xFFFF_FFF1; // TC_H_CLSACT
    private const ushort Kind = 1; // TCA_KIND
    private const ushort Options = 2; // TCA_OPTIONS
    private const ushort ProgramDescriptor = 6; // TCA_BPF_FD
    private const ushort ProgramName = 7; // TCA_BPF_NAME
    private const ushort ProgramFlags = 8; // TCA_BPF_FLAGS
    private const uint DirectAction = 1; // TCA_BPF_FLAG_ACT_DIRECT
    private const uint AllProtocols = 0x0300; // ETH_P_ALL in network order

    /// <summary>Adds clsact to an interface.</summary>
    /// <returns>False when it was there.</returns>
    public static bool AddClsact(NetlinkSocket netlink, int index)
    {
        Errno errno = ChangeClsact(netlink, index, MessageType.NewDiscipline, RequestFlags.CreateNew);
        return errno is default(Errno) or Errno.EEXIST
            ? errno == default
            : throw Failure.Of($"RTM_NEWQDISC(clsact on interface {index})", errno);
    }

    /// <summary>Removes clsact, and whatever hangs on it.</summary>
    public static void DeleteClsact(NetlinkSocket netlink, int index)
    {
        Errno errno = ChangeClsact(netlink, index, MessageType.DeleteDiscipline, RequestFlags.None);
        if (errno is not (default(Errno) or Errno.ENOENT or Errno.EINVAL or Errno.ENODEV))
        {
            throw Failure.Of($"RTM_DELQDISC(clsact on interface {index})", errno);
        }
    }

    /// <summary>Adds a program as a filter for what comes in, or puts it in place of the one that has this handle.</summary>
    public static void Add(
        NetlinkSocket netlink, int index, uint handle, ushort priority, int program, string name)
    {
        // The options are attributes in an attribute.
        var options = new NetlinkRequest(stackalloc byte[256], default, RequestFlags.None);
        options.Append(ProgramDescriptor, (uint)program);
        options.Append(ProgramName, Encoding.UTF8.GetBytes(name + '\0'));
        options.Append(ProgramFlags, DirectAction);
        var request = new NetlinkRequest(
            stackalloc byte[512], MessageType.NewFilter, RequestFlags.Create | RequestFlags.Acknowledge);
        request.Append(Header(index, handle, priority));
        request.Append(Kind, "bpf\0"u8);
        request.Append(Options, options.Finish()[NetlinkRequest.HeaderSize..]);
        Errno errno = netlink.Request(request, _ => { });
        if (errno != default)
        {
            throw Failure.Of($"RTM_NEWTFILTER({name} on interface {index})", errno);
        }
    }

    /// <summary>Removes a filter for what comes in, if it is there.</summary>
    public static void Delete(NetlinkSocket netlink, int index, uint handle, ushort priority)
    {
        var request = new NetlinkRequest(
            stackalloc byte[128], MessageType.DeleteFilter, RequestFlags.Acknowledge);
        request.Append(Header(index, handle, priority));
        request.Append(Kind, "bpf\0"u8);
        Errno errno = netlink.Request(request, _ => { });
        if (errno is not (default(Errno) or Errno.ENOENT or Errno.EINVAL or Errno.ENODEV))
        {
            throw Failure.Of($"RTM_DELTFILTER(interface {index})", errno);
        }
    }

    /// <summary>The filters of an interface in one direction.</summary>
    public static IReadOnlyList<TrafficFilter> Read(NetlinkSocket netlink, int index, uint direction)
    {
        var request = new NetlinkRequest(stackalloc byte[64], MessageType.GetFilter, RequestFlags.Dump);
        request.Append(new TrafficHeader { InterfaceIndex = index, Parent = direction });
        var filters = new List<TrafficFilter>();
        Errno errno = netlink.Request(request, message =>
        {
            TrafficHeader header = message.Fixed<TrafficHeader>();
            // The head of a priority comes as an entry of its own, without a handle.
            if (message.Type == MessageType.NewFilter && header.Handle != 0)
            {
                filters.Add(new TrafficFilter(
                    header.Handle, (ushort)(header.Info >> 16), FilterQueries.Parse(message)));
            }
        });

        // Nothing that classifies is attached, or this kernel has none of it.
        return errno == default ? filters : [];
    }

    private static Errno ChangeClsact(NetlinkSocket netlink, int index, MessageType type, RequestFlags flags)
    {
        var request = new NetlinkRequest(stackalloc byte[128], type, flags | RequestFlags.Acknowledge);
        request.Append(new TrafficHeader { InterfaceIndex = index, Handle = ClsactHandle, Parent = ClsactParent });
        request.Append(Kind, "clsact\0"u8);
        return netlink.Request(request, _ => { });
    }

    private static TrafficHeader Header(int index, uint handle, ushort priority) => new()
    {
        InterfaceIndex = index,
        Handle = handle,
        Parent = FilterQueries.Ingress,
        Info = ((uint)priority << 16) | AllProtocols,
    };
}
