namespace PSConvNet;

/// <summary>The text beside a Job's manifest: which commands to give, in which order.</summary>
internal static class KubernetesReadme
{
    public static string Text(string study, KubernetesOptions options)
    {
        var name = options.NameFor(study);
        var space = options.Namespace is null ? "" : $" -n {options.Namespace}";
        var place = options.SubPath is null ? "at its top" : $"under {options.SubPath}";
        return $"""
            A sweep on Kubernetes
            =====================

            Nothing has been sent anywhere. Look at {KubernetesJob.ManifestName} and {KubernetesJob.DockerfileName}, change what you like, then, in this folder:

            1. Build the image from a whole copy of the module, and push it. A copy is what build.ps1 Package lays into artifacts/PSConvNet/,
               or the folder it was installed in:

                   docker build -t {options.Image} -f {KubernetesJob.DockerfileName} <folder of the module>
                   docker push {options.Image}

            2. See that the study's folder is in the volume claim {options.VolumeClaim}, {place}, and that user {options.UserId} may
               write there. Where this machine has the volume mounted, let -Study be that folder. Else copy it, through a pod that
               mounts the claim:

                   kubectl{space} cp "{study}" <pod>:<where the volume is mounted>

               The volume must let many nodes write at once (ReadWriteMany), and files that one node creates must be there for the
               others within seconds: NFS, CephFS, Lustre and the file services of the clouds are such.

            3. Start the workers, see how they are, and read what they say:

                   kubectl{space} apply -f {KubernetesJob.ManifestName}
                   kubectl{space} get job {name}
                   kubectl{space} logs -l job-name={name} --prefix --tail=5

            4. Follow the study from any machine that sees its folder:

                   Get-SweepTrial -Study <folder> | Where-Object State -eq Running

               Other workers may help meanwhile: Invoke-Sweep -Study <folder> on such a machine does.

            5. Stop all workers; within {options.StopWithin.TotalSeconds:0} s each puts its trial back, and the study can be gone on with:

                   kubectl{space} delete job {name}

            When nothing is left to do, workers end by themselves and the Job is complete. To go on with a study, delete the Job and apply it
            again: a Job can't be changed.

            """;
    }
}
