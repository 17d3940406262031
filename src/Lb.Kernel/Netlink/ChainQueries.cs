using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Lb.Kernel.Interop;
using Lb.Kernel.Layout;

namespace Lb.Kernel.Netlink;

/// <summary>Questions about chains of nftables.</summary>
internal static class ChainQueries
{
    private const MessageType GetChain = (MessageType)((10 << 8) | 4); // NFNL_SUBSYS_NFTABLES, NFT_MSG_GETCHAIN
    private const byte InetFamily = 1; // NFPROTO_INET
    private const ushort Table = 1; // NFTA_CHAIN_TABLE
    private const ushort Name = 3; // NFTA_CHAIN_NAME
    private const ushort Hook = 4; // NFTA_CHAIN_HOOK
    private const ushort Policy = 5; // NFTA_CHAIN_POLICY
    private const ushort HookNumber = 1; // NFTA_HOOK_HOOKNUM
    private const uint Forward = 2; // NF_INET_FORWARD
    private const uint Drop = 0; // NF_DROP

    /// <summary>Chains that drop what is forwarded unless a rule accepts it, as <c>ip TABLE CHAIN</c>.</summary>
    public static IReadOnlyList<string> ReadDroppingForwards()
    {
        using var netlink = new NetlinkSocket(LibC.ProtocolNetfilter);
        var request = new NetlinkRequest(stackalloc byte[64], GetChain, RequestFlags.Dump);
        request.Append(new NetfilterHeader { Family = NativeFamily.Unspecified });
        var chains = new List<string>();
        Errno errno = netlink.Request(request, message =>
        {
            if (Parse(message) is { } chain)
            {
                chains.Add(chain);
            }
        });

        // A kernel without nftables refuses the question.
        return errno is Errno.EPERM ? throw Failure.Of("NFT_MSG_GETCHAIN", errno) : chains;
    }

    private static string? Parse(NetlinkMessage message)
    {
        string? family = message.Fixed<NetfilterHeader>().Family switch
        {
            NativeFamily.Inet => "ip",
            NativeFamily.Inet6 => "ip6",
            InetFamily => "inet",
            _ => null,
        };
        string table = "";
        string name = "";
        uint? hook = null;
        uint? policy = null;
        NetlinkAttributes attributes = message.Attributes<NetfilterHeader>();
        while (attributes.MoveNext())
        {
            switch (attributes.Type)
            {
                case Table:
                    table = Encoding.UTF8.GetString(attributes.Value.TrimEnd((byte)0));
                    break;
                case Name:
                    name = Encoding.UTF8.GetString(attributes.Value.TrimEnd((byte)0));
                    break;
                case Hook:
                    hook = ParseHook(attributes.Value);
                    break;
                case Policy:
                    policy = BinaryPrimitives.ReadUInt32BigEndian(attributes.Value);
                    break;
                default:
                    break;
            }
        }

        return family is not null && hook == Forward && policy == Drop ? $"{family} {table} {name}" : null;
    }

    private static uint? ParseHook(ReadOnlySpan<byte> value)
    {
        var nested = new NetlinkAttributes(value);
        while (nested.MoveNext())
        {
            if (nested.Type == HookNumber)
            {
                return BinaryPrimitives.ReadUInt32BigEndian(nested.Value);
            }
        }

        return null;
    }

    /// <summary><c>struct nfgenmsg</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct NetfilterHeader
    {
        public byte Family;
        public byte Version;
        public ushort Resource;
    }
}
