namespace Lb.Kernel;

/// <summary>Names of the maps, in the object and as pins.</summary>
internal static class MapNames
{
    public const string Node = "lb_node";

    /// <summary>No map of the object: what the types of the others are.</summary>
    public const string Types = "lb_types";

    public const string Vips4 = "lb_vips4";
    public const string Vips6 = "lb_vips6";
    public const string Tables = "lb_tables";
    public const string Backends = "lb_backends";
    public const string Flows4 = "lb_flows4";
    public const string Flows6 = "lb_flows6";
    public const string Pending4 = "lb_pending4";
    public const string Pending6 = "lb_pending6";
    public const string FlowCounts = "lb_flow_counts";
    public const string Nat4 = "lb_nat4";
    public const string Nat6 = "lb_nat6";
    public const string Direct4 = "lb_direct4";
    public const string Direct6 = "lb_direct6";
    public const string ServiceStats = "lb_svc_stats";
    public const string BackendStats = "lb_be_stats";
    public const string Verdicts = "lb_verdicts";
    public const string FlowLog = "lb_flow_log";
    public const string LogCounts = "lb_log_counts";
    public const string FlowNews = "lb_flow_news";
    public const string NewsCounts = "lb_news_counts";
    public const string LogDraft = "lb_log_draft";
    public const string LogSeen = "lb_log_seen";
    public const string Sources = "lb_sources";
    public const string Full = "lb_full";
    public const string FullNew = "lb_full_new";
    public const string FullDraft = "lb_full_draft";
    public const string FullPieces = "lb_full_pieces";
    public const string FullIds = "lb_full_ids";
    public const string Budgets = "lb_budgets";
    public const string Answers = "lb_answers";
    public const string Resets = "lb_resets";
    public const string Affinity = "lb_affinity";
    public const string Sticky = "lb_sticky";
    public const string Clients4 = "lb_clients4";
    public const string Clients6 = "lb_clients6";
    public const string ClientDraft = "lb_client_draft";
    public const string Quic = "lb_quic";
    public const string ServerIds = "lb_server_ids";
    public const string Fragments4 = "lb_fragments4";
    public const string Fragments6 = "lb_fragments6";
    public const string Epoch = "lb_epoch";
    public const string Recent4 = "lb_recent4";
    public const string Recent6 = "lb_recent6";

    public const string Prefixes4 = "lb_prefixes4";
    public const string Prefixes6 = "lb_prefixes6";
    public const string Ports = "lb_ports";
    public const string Ranges = "lb_ranges";

    public const string NatHosts4 = "lb_nat_hosts4";
    public const string NatHosts6 = "lb_nat_hosts6";
    public const string NatPorts = "lb_nat_ports";
    public const string NatRanges = "lb_nat_ranges";

    private static readonly string[] s_forwardedBy = [Vips4, Vips6, Tables, Backends, Nat4, Nat6, Flows4, Flows6];

    /// <summary>Where a map stands among others: those come first that every packet is forwarded by.</summary>
    public static int Rank(string name) =>
        Array.IndexOf(s_forwardedBy, name) is var place && place >= 0 ? place : s_forwardedBy.Length;

    /// <summary>
    /// Maps that this layout had not from its beginning: a state without them, of an older version, is adopted too.
    /// </summary>
    public static bool MayBeMissing(string name) =>
        name is FlowLog or LogCounts or LogDraft or LogSeen or FlowNews or NewsCounts or FlowCounts or Answers or Resets
            or Fragments4 or Fragments6 or Sources or Full or FullNew or FullDraft or FullPieces or FullIds or Affinity
            or Sticky or Clients4 or Clients6 or ClientDraft
            or NatHosts4 or NatHosts6 or NatPorts or NatRanges
            or Prefixes4 or Prefixes6 or Ports or Ranges or Epoch or Recent4 or Recent6 or Quic or ServerIds;

    /// <summary>Arrays that grow with what is counted: one that is larger than it has to be, of a newer version, is used as it is.</summary>
    public static bool Grows(string name) => name is Verdicts or FlowCounts;

    /// <summary>Maps that nothing is lost with: what a CPU is at, what it may look up again, records that wait for a reader.</summary>
    public static bool IsBegunAnew(string name) =>
        name is Budgets or Answers or Resets or LogDraft or LogSeen or FullDraft or FullIds or ClientDraft or Recent4 or Recent6
            or FlowLog or FlowNews;

    /// <summary>Maps of what the program remembers and writes by itself: each entry says when it was used last.</summary>
    public static IReadOnlyList<string> Remembered { get; } =
        [Flows4, Flows6, Pending4, Pending6, Clients4, Clients6, Fragments4, Fragments6, Full, FullNew, FullPieces];

    /// <summary>Whether a map is one of these.</summary>
    public static bool IsRemembered(string name) => Remembered.Contains(name);

    /// <summary>Maps that the program counts in.</summary>
    public static bool IsCounted(string name) =>
        name is ServiceStats or BackendStats or Verdicts or FlowCounts or LogCounts or NewsCounts;
}
