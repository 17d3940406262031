namespace Lb.Host.Doctor;

/// <summary>One rule: from facts to findings. It reads nothing by itself.</summary>
internal interface IHostCheck
{
    /// <summary>What is wrong, or worth knowing; nothing where all is well or the facts could not be read.</summary>
    IEnumerable<Finding> Examine(Examination host);
}
