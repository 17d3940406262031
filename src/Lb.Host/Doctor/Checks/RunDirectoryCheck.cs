namespace Lb.Host.Doctor.Checks;

/// <summary>The directory of locks can be written to.</summary>
internal sealed class RunDirectoryCheck : IHostCheck
{
    public IEnumerable<Finding> Examine(Examination host)
    {
        if (host.Facts.RunDirectory is { Problem: { } problem, Path: var path })
        {
            yield return Finding.Error(
                "run-directory",
                path,
                $"The lock of the site cannot be made in {path}: {problem}.",
                "The lock keeps a site to one process; lbd does not start without it.",
                $"make {path} a directory that lbd's user may write to, on a file system that is not read-only");
        }
    }
}
