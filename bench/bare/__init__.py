"""The peer of our procedure page: a Wagtail site with one page type and nothing else."""
