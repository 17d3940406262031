using System.Collections.Frozen;
using Lb.Kernel;

namespace Lb.Actors.Wire;

/// <summary>The words that stand for values in stored data. They never change; the names in the code may.</summary>
internal static class Words
{
    public static readonly Words<TransportProtocol> Protocols = new(
        ("tcp", TransportProtocol.Tcp), ("udp", TransportProtocol.Udp), ("sctp", TransportProtocol.Sctp));

    public static readonly Words<ForwardingMode> Modes = new(
        ("nat", ForwardingMode.Nat),
        ("full-nat", ForwardingMode.FullNat),
        ("dsr-ipip", ForwardingMode.DsrIpip),
        ("dsr-gue", ForwardingMode.DsrGue),
        ("dsr-l2", ForwardingMode.DsrL2),
        ("tproxy", ForwardingMode.Tproxy));

    public static readonly Words<Tracking> Trackings = new(
        ("minimal", Tracking.Minimal), ("full", Tracking.Full), ("none", Tracking.None));

    public static readonly Words<FlowLogging> Loggings = new(
        ("off", FlowLogging.Off), ("sampled", FlowLogging.Sampled), ("full", FlowLogging.Full));

    public static readonly Words<HookChoice> Hooks = new(
        ("auto", HookChoice.Auto), ("xdp", HookChoice.Xdp), ("tc", HookChoice.Tc));

    public static readonly Words<RelaySource> RelaySources = new(
        ("client", RelaySource.Client), ("node", RelaySource.Node));

    public static readonly Words<ProxyAccept> ProxyAccepts = new(
        ("off", ProxyAccept.Off), ("v1", ProxyAccept.V1), ("v2", ProxyAccept.V2), ("any", ProxyAccept.Any));

    public static readonly Words<ProxySend> ProxySends = new(
        ("off", ProxySend.Off), ("v1", ProxySend.V1), ("v2", ProxySend.V2));

    public static readonly Words<ProxyTlvs> ProxyTlvWords = new(
        ("alpn", ProxyTlvs.Alpn),
        ("authority", ProxyTlvs.Authority),
        ("unique-id", ProxyTlvs.UniqueId),
        ("crc32c", ProxyTlvs.Crc32C),
        ("ssl", ProxyTlvs.Ssl),
        ("other", ProxyTlvs.Other));

    public static readonly Words<InterceptBy> Interceptions = new(
        ("auto", InterceptBy.Auto), ("tproxy", InterceptBy.Tproxy), ("tc", InterceptBy.Tc),
        ("sk_lookup", InterceptBy.SkLookup));

    public static readonly Words<RelayBalance> RelayBalances = new(
        ("maglev", RelayBalance.Maglev),
        ("least-connections", RelayBalance.LeastConnections),
        ("peak-ewma", RelayBalance.PeakEwma),
        ("two-choices", RelayBalance.TwoChoices));

    public static readonly Words<RelayTransfer> RelayTransfers = new(
        ("loop", RelayTransfer.Loop), ("sockmap", RelayTransfer.Sockmap));

    public static readonly Words<RelayOnDown> RelayOnDowns = new(
        ("keep", RelayOnDown.Keep), ("reset", RelayOnDown.Reset));

    public static readonly Words<BackendAdmin> Admins = new(
        ("enabled", BackendAdmin.Enabled), ("drain", BackendAdmin.Drain), ("disabled", BackendAdmin.Disabled));

    public static readonly Words<DrainThen> DrainThens = new(("reset", DrainThen.Reset), ("keep", DrainThen.Keep));

    public static readonly Words<DeadFlows> DeadFlows = new(
        ("rehash", Actors.DeadFlows.Rehash), ("reset", Actors.DeadFlows.Reset));

    public static readonly Words<ChangeOrigin> Origins = new(
        ("file", ChangeOrigin.File), ("runtime", ChangeOrigin.Runtime), ("rollback", ChangeOrigin.Rollback));

    public static readonly Words<HealthVerdict> Verdicts = new(
        ("unknown", HealthVerdict.Unknown), ("up", HealthVerdict.Up), ("down", HealthVerdict.Down));

    public static readonly Words<AccessRole> Roles = new(
        ("read", AccessRole.Read), ("operate", AccessRole.Operate), ("admin", AccessRole.Admin));
}

/// <summary>The words of one enum.</summary>
internal sealed class Words<T>(params (string Word, T Value)[] words)
    where T : struct, Enum
{
    private readonly FrozenDictionary<string, T> _values =
        words.ToFrozenDictionary(pair => pair.Word, pair => pair.Value, StringComparer.Ordinal);

    private readonly FrozenDictionary<T, string> _words = words.ToFrozenDictionary(pair => pair.Value, pair => pair.Word);

    public string Of(T value) => _words[value];

    /// <summary>The value of a word.</summary>
    /// <exception cref="InvalidDataException">The word is not known.</exception>
    public T Parse(string word) => _values.TryGetValue(word, out T value)
        ? value
        : throw new InvalidDataException($"\"{word}\" is not known; expected one of {string.Join(", ", _values.Keys)}");
}
