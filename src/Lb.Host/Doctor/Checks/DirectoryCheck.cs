namespace Lb.Host.Doctor.Checks;

/// <summary>The directories of lock and journal can be written to.</summary>
internal sealed class DirectoryCheck : IHostCheck
{
    public IEnumerable<Finding> Examine(Examination host)
    {
        if (host.Facts.RunDirectory is { Problem: { } lockProblem, Path: var run })
        {
            yield return Finding.Error(
                "run-directory",
                run,
                $"The lock of the site cannot be made in {run}: {lockProblem}.",
                "The lock keeps a site to one process; lbd does not start without it.",
                Mend(run));
        }

        if (host.Facts.JournalDirectory is { Problem: { } journalProblem, Path: var journal })
        {
            yield return Finding.Error(
                "journal-directory",
                journal,
                $"The journal of the site cannot be written in {journal} (lb.journal.directory): {journalProblem}.",
                "Changes that are not in the journal are not made; lbd does not start without it.",
                Mend(journal) + ", or choose another lb.journal.directory");
        }
    }

    private static string Mend(string path) =>
        $"make {path} a directory that lbd's user may write to, on a file system that is not read-only";
}
