namespace Lb.Pbm.Editing;

/// <summary>How a line could go on.</summary>
/// <param name="Start">Where the word begins that is completed.</param>
/// <param name="Candidates">What it could become, in the order to be listed.</param>
internal sealed record Completion(int Start, IReadOnlyList<string> Candidates)
{
    /// <summary>What all candidates begin with.</summary>
    public string CommonPrefix()
    {
        string common = Candidates[0];
        foreach (string candidate in Candidates)
        {
            int length = common.AsSpan().CommonPrefixLength(candidate);
            common = common[..length];
        }

        return common;
    }
}
