using Lb.Kernel;

namespace Lb.Host.Doctor.Checks;

/// <summary>A start can use what an earlier one has pinned, as it is or carried over.</summary>
internal sealed class PinnedMapsCheck : IHostCheck
{
    private const string Code = "pinned-maps";

    public IEnumerable<Finding> Examine(Examination host)
    {
        if (host.Facts.Site.Start is not { } start)
        {
            yield break;
        }

        foreach (StartProblem problem in start.Problems)
        {
            yield return Finding.Error(
                Code,
                host.Site.Name,
                $"A start with this file would be refused: {problem.What}",
                "The old program goes on forwarding, and nothing follows changes of the site until an lbd runs.",
                problem.Mend.TrimEnd('.'));
        }

        string[] changes = [.. start.Changes.Where(map => map.Fate != MapFate.Refused).Select(map => map.Name)];
        if (start.Problems.IsEmpty && changes.Length > 0)
        {
            yield return Finding.Info(
                Code,
                host.Site.Name,
                $"A start with this file would not keep {changes.Length} of {start.Maps.Length} maps as they are: {Examination.Enumerate(changes)}.",
                "What they hold is carried over; it takes the memory of the new maps beside the old ones until that is done. lbd --check lists them.");
        }
    }
}
