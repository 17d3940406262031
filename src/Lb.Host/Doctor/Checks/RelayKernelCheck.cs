namespace Lb.Host.Doctor.Checks;

/// <summary>nftables is there and takes the rules of relays.</summary>
internal sealed class RelayKernelCheck : IHostCheck
{
    private const string Why =
        "Without these rules no packet reaches a relay: services with mode = tproxy do not answer.";

    public IEnumerable<Finding> Examine(Examination host)
    {
        if (host.Facts.Relays is not { } relays)
        {
            yield break;
        }

        if (relays.SockmapProblem is { } refusal)
        {
            yield return Finding.Warning(
                "relay-sockmap",
                "sk_skb",
                $"The kernel cannot carry relayed connections: {refusal.TrimEnd('.')}.",
                "Services with relay.engine = sockmap work, but the loop carries all of their connections.",
                "Linux 6.6 or newer with CONFIG_BPF_STREAM_PARSER and CONFIG_DEBUG_INFO_BTF, or relay.engine = loop");
        }

        if (!relays.Library)
        {
            yield return Finding.Error(
                "relay-library",
                "libnftables.so.1",
                "The library libnftables.so.1 was not found.",
                Why,
                "apt-get install libnftables1");
        }
        else if (relays.RuleProblem is { } problem)
        {
            yield return Finding.Error(
                "relay-kernel",
                "nftables",
                $"The kernel does not take the rules of relays: {problem.TrimEnd('.')}.",
                Why,
                "modprobe -a nft_tproxy nft_socket, or a kernel with CONFIG_NFT_TPROXY and CONFIG_NFT_SOCKET");
        }
    }
}
