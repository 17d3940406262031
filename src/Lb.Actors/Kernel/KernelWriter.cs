using Lb.Kernel;

namespace Lb.Actors;

/// <summary>A write that the kernel refused.</summary>
internal sealed record KernelFailure(KernelOperation Operation, Exception Reason);

/// <summary>Carries out writes.</summary>
internal static class KernelWriter
{
    /// <summary>
    /// Carries out the writes in order. When one fails, the later ones of its service are left out, and so is
    /// every removal; other services go on.
    /// </summary>
    /// <returns>The writes that failed.</returns>
    public static IReadOnlyList<KernelFailure> Write(IDatapath datapath, IReadOnlyList<KernelOperation> operations)
    {
        List<KernelFailure> failures = [];
        foreach (KernelOperation operation in operations)
        {
            if (failures.Count > 0
                && (operation.IsRemoval
                    || (operation.Service is { } id && failures.Exists(failure => failure.Operation.Concerns(id)))))
            {
                continue;
            }

            if (failures.FirstOrDefault(failure => operation.Shows.Any(failure.Operation.Concerns)) is { } missing)
            {
                // What packets are to find is not all there.
                failures.Add(new KernelFailure(operation, missing.Reason));
                continue;
            }

            try
            {
                operation.Apply(datapath);
            }
            catch (Exception reason)
            {
                failures.Add(new KernelFailure(operation, reason));
            }
        }

        return failures;
    }
}
