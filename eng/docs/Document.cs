namespace Lb.Docs;

/// <summary>A file that is generated and checked in.</summary>
/// <param name="Path">Where it is below the root.</param>
/// <param name="Generate">Its text, from what it is so far.</param>
internal sealed record Document(string Path, Func<string, string> Generate)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Document> All { get; } =
    [
        new("docs/man/pbm.1", _ => PbmManual.Generate()),
        new("docs/man/lbd.8", _ => LbdManual.Generate()),
        new("docs/log-events.md", EventList.Generate),
        new("docs/openapi.json", _ => ApiDescription.Generate()),
        new("eng/completion/pbm.bash", _ => BashCompletion.Generate()),
    ];
}
