using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Lb.Kernel;

namespace Lb.Host.Commands;

/// <summary>A flow as it is written on a command line: protocol, client, VIP.</summary>
internal static class FlowArguments
{
    public static readonly ArgumentSpec Protocol = new(
        "protocol",
        "tcp, udp or sctp.",
        Mandatory: true,
        Positional: true,
        Hints: (_, _) => Task.FromResult<ImmutableArray<string>>(["tcp", "udp", "sctp"]));

    public static readonly ArgumentSpec Client = new(
        "client", "The client's address and port, as 198.51.100.7:40000 or [2001:db8::7]:40000.", Mandatory: true, Positional: true);

    public static readonly ArgumentSpec Vip = new(
        "vip", "The address and port that it talks to, as 192.0.2.10:80 or [2001:db8::10]:80.", Mandatory: true, Positional: true, Hints: VipsAsync);

    /// <summary>IP protocols that have a name here, beside those of services; any may be given by its number.</summary>
    private static readonly ImmutableArray<string> s_others =
        ["icmp", "icmpv6", "gre", "esp", "ah", "ipip", "ipv6", "igmp", "udplite", "dccp"];

    /// <summary>The flow; null for a protocol that has none here.</summary>
    /// <exception cref="CommandFailure">It is written wrong.</exception>
    public static Flow? Read(CommandCall call)
    {
        string word = call.Text(Protocol.Name).ToLowerInvariant();
        TransportProtocol? protocol = word switch
        {
            "tcp" or "6" => TransportProtocol.Tcp,
            "udp" or "17" => TransportProtocol.Udp,
            "sctp" or "132" => TransportProtocol.Sctp,
            _ when s_others.Contains(word) || byte.TryParse(word, CultureInfo.InvariantCulture, out _) => null,
            _ => throw CommandFailure.Usage($"\"{word}\" is no protocol", "write tcp, udp or sctp"),
        };
        IPEndPoint client = ReadSocket(Client, call.Text(Client.Name), portNeeded: protocol is not null);
        IPEndPoint vip = ReadSocket(Vip, call.Text(Vip.Name), portNeeded: protocol is not null);
        if (client.AddressFamily != vip.AddressFamily)
        {
            throw CommandFailure.Usage(
                $"{client.Address} and {vip.Address} are not of one family", "give both as IPv4, or both as IPv6");
        }

        return protocol is null
            ? null
            : new Flow(client.Address, (ushort)client.Port, vip.Address, (ushort)vip.Port, protocol.Value);
    }

    private static IPEndPoint ReadSocket(ArgumentSpec argument, string text, bool portNeeded)
    {
        int colon = text.LastIndexOf(':');
        bool bracketed = text.StartsWith('[');
        bool v6 = bracketed || text.Count(c => c == ':') > 1;
        bool hasPort = bracketed ? colon > 0 && text[colon - 1] == ']' : !v6 && colon >= 0;
        string address = hasPort ? text[..colon] : text;
        address = bracketed && address.EndsWith(']') ? address[1..^1] : address;
        int port = 0;
        bool right = IPAddress.TryParse(address, out IPAddress? ip)
            && (ip.AddressFamily == AddressFamily.InterNetworkV6) == v6
            && (v6 ? !address.Contains('%') && !address.Contains('[') : ip.ToString() == address)
            && (!hasPort || (int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port)
                && port is > 0 and <= 65535))
            && (hasPort || !portNeeded);
        return right
            ? new IPEndPoint(ip!, port)
            : throw CommandFailure.Usage($"\"{text}\" is no {argument.Name} of a flow", argument.Description);
    }

    private static async Task<ImmutableArray<string>> VipsAsync(CommandContext context, CancellationToken stop) =>
    [
        .. (await Arguments.ConfiguredAsync(context, stop))
            .Select(service => new IPEndPoint(service.Vip.Address, service.Vip.Port).ToString())
            .Distinct(),
    ];
}
