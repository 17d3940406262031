using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Lb.Actors;

namespace Lb.Host.Commands;

/// <summary>Which config each node of a cluster goes by, as one of them knows it.</summary>
internal static class ConfigReport
{
    private const string NotKnown = "not known";

    /// <summary>Asks for it.</summary>
    public static async Task<ConfigNodes> ReadAsync(CommandCall call, CancellationToken stop) =>
        await call.Context.Site.AskAsync(new GetConfigNodes(), stop) as ConfigNodes ?? new ConfigNodes(null, []);

    /// <summary>The revision that a node has in force.</summary>
    public static string Revision(ConfigNodes config, string address) => Find(config, address) switch
    {
        null => NotKnown,
        { Revision: 0 } => "its file",
        { } node => node.Revision.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>The same and more, for programs; null when nothing is known of the node.</summary>
    public static JsonObject? Of(ConfigNodes config, string address) => Find(config, address) is { } node
        ? new JsonObject
        {
            ["revision"] = node.Revision,
            ["behind"] = node.Revision < config.Newest,
            ["journalAway"] = node.IsAway,
            ["otherFile"] = node.HasOtherFile,
        }
        : null;

    /// <summary>A sentence with a blank before it.</summary>
    public static string Words(ConfigNodes config) =>
        $" Config: {(Behind(config) is { Length: > 0 } behind ? behind : $"revision {config.Newest}")}."
        + Sentence(config, node => node.IsAway, " cannot use the journal.")
        + Sentence(config, node => node.HasOtherFile, " has another file than was applied last; config show there tells what it says.");

    /// <summary>Which nodes are behind; empty when none is.</summary>
    public static string Behind(ConfigNodes config)
    {
        ImmutableArray<ConfigNode> behind = [.. config.Behind];
        return behind.IsEmpty
            ? string.Empty
            : $"{string.Join(", ", behind.Select(node => $"{node.Address} is behind, at {Revision(config, node.Address)}"))} "
                + $"of revision {config.Newest}";
    }

    /// <summary>Lines for <c>config show</c>; none for a node that is alone.</summary>
    public static string Lines(ConfigNodes config, ConfigSnapshot own, string file)
    {
        if (config.Self is null)
        {
            return string.Empty;
        }

        string nodes = string.Join(", ", config.All.Select(node => $"{node.Address} {Revision(config, node.Address)}"));
        string behind = Behind(config) is { Length: > 0 } words ? $"; {words}" : string.Empty;
        return $"# in force: {nodes}{behind}\n" + (own.OtherFile.IsEmpty
            ? string.Empty
            : $"# {file} on this node says otherwise than the file that was applied last; config apply puts it in force on all nodes:\n"
                + string.Concat(own.OtherFile.Select(change => $"#   {change}\n")));
    }

    private static ConfigNode? Find(ConfigNodes config, string address) =>
        config.All.FirstOrDefault(node => node.Address == address);

    private static string Sentence(ConfigNodes config, Func<ConfigNode, bool> isSo, string what)
    {
        string nodes = string.Join(", ", config.All.Where(isSo).Select(node => node.Address));
        return nodes.Length == 0 ? string.Empty : $" {nodes}{what}";
    }
}
